package demo

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// seat is a simulated agent at work: a person, their browser, and what the
// server gave them. It is an [actor].
type seat struct {
	floor    *floor
	username string
	person   *person
	// jitter spreads retries of calls. It is not the person's dice: how often the
	// server was away must not change what the person decides.
	jitter dice

	intention intention
	due       time.Time // of the intention
	waits     bool      // for the end of a call, and due then

	browser  *browser // nil while none runs
	closing  *browser // nobody sits there any more
	token    string   // that a browser had which died
	bookmark bookmark
	session  string      // "" without one; kept while the browser is dead
	stayed   string      // the session of before the show, until somebody has logged in for it; else ""
	found    welcome     // at the beginning of the session
	state    api.State   // as it was pushed last
	ended    api.EndCode // the session has ended, and the person is yet to notice; "" otherwise

	admission admission // to log in

	calls      int
	lastCallAt time.Time // when the last call ended
	swept      bool      // no work of an earlier show is left

	counted Stats // on the floor's board
}

func newSeat(f *floor, index int, pace float64, now time.Time) *seat {
	s := &seat{
		floor:    f,
		username: Username(index, f.seed),
		jitter:   newDice(f.seed, 2*uint64(index)+1),
	}
	if s.person, s.stayed = f.past.handOver(index, pace); s.person == nil {
		s.person = newPerson(f.seed, uint64(index), pace)
	}
	s.intend(now)
	return s
}

// intend asks the person what comes next.
func (s *seat) intend(now time.Time) {
	s.intention = s.person.next()
	s.due = now.Add(s.intention.after)
	s.waits = false
}

// nextTurn is when the seat has something to do: at once where a browser is to be
// closed or a session has ended, else what the person intends.
func (s *seat) nextTurn() (time.Time, bool) {
	switch {
	case s.closing != nil, s.ended != "", s.admission == admitted:
		return time.Time{}, true // before all others
	case s.admission == inLine:
		return time.Time{}, false
	}
	return s.due, !s.waits
}

// act returns the request to send now.
func (s *seat) act(now time.Time) request {
	switch {
	case s.closing != nil:
		return s.closeBrowser()
	case s.ended != "":
		s.notice(now)
		return nil
	case s.intention.patient && s.calls > 0:
		s.waits = true
		return nil
	}
	return s.sendIntention()
}

// closeBrowser closes what nobody sits at any more.
func (s *seat) closeBrowser() request {
	clients, b := s.floor.clients, s.closing
	return func(context.Context) learn {
		clients.close(b)
		return func(time.Time) { s.closing = nil }
	}
}

// sendIntention does what the person intends.
func (s *seat) sendIntention() request {
	b, what := s.browser, s.intention
	switch what.deed {
	case logIn:
		return s.logIn()
	case startSession, takeUp:
		return func(ctx context.Context) learn {
			found, err := b.enter(ctx, what.deed == takeUp)
			return func(now time.Time) { s.entered(now, found, err) }
		}
	case loseBrowser:
		return s.loseBrowser()
	case comeBack:
		return s.comeBack()
	case goReady:
		extension := s.found.extension
		return s.send(func(ctx context.Context) error { return b.goReady(ctx, extension) })
	case goNotReady:
		var why *choice
		if reason, ok := s.found.choices.choose(what.purpose, what.pick); ok {
			why = &reason
		}
		return s.send(func(ctx context.Context) error { return b.goNotReady(ctx, why) })
	case changeDirection:
		return s.send(func(ctx context.Context) error { return b.setDirection(ctx, what.direction) })
	default:
		return s.send(func(ctx context.Context) error { return b.logOut(ctx, what.force) })
	}
}

// send is a request of which only its error is of interest.
func (s *seat) send(ask func(ctx context.Context) error) request {
	return func(ctx context.Context) learn {
		err := ask(ctx)
		return func(now time.Time) { s.conclude(now, err) }
	}
}

// logIn sends people through the reception first.
func (s *seat) logIn() request {
	if s.admission == outside {
		s.floor.reception.join(s)
		return nil
	}
	clients, who := s.floor.clients, s.visitor("")
	return func(ctx context.Context) learn {
		b, err := clients.logIn(ctx, who)
		return func(now time.Time) { s.loggedIn(now, b, err) }
	}
}

func (s *seat) visitor(token string) visitor {
	return visitor{username: s.username, token: token, patience: agentPatience, bookmark: &s.bookmark, hear: s.hear}
}

// loseBrowser closes the client without a word to the server: its socket's end
// is all that the server learns. The page's token is what the person has left.
func (s *seat) loseBrowser() request {
	clients, b := s.floor.clients, s.browser
	return func(ctx context.Context) learn {
		token := b.client.Session.GetToken(ctx)
		clients.close(b)
		return func(now time.Time) {
			s.browser, s.token, s.ended = nil, token, ""
			s.conclude(now, nil)
		}
	}
}

// comeBack opens a browser where another died, as a page that is loaded again.
func (s *seat) comeBack() request {
	clients, who := s.floor.clients, s.visitor(s.token)
	return func(ctx context.Context) learn {
		b, err := clients.logIn(ctx, who)
		if err != nil {
			return func(now time.Time) { s.conclude(now, err) }
		}
		found, err := b.enter(ctx, true)
		return func(now time.Time) {
			s.browser = b
			s.entered(now, found, err)
		}
	}
}

// hear takes what the session's topics publish. It runs in a goroutine of the
// browser's.
func (s *seat) hear(b *browser, e sdk.Event) {
	switch e.Topic {
	case sdk.TopicState:
		if change, ok := e.Response.(sdk.StateChange); ok {
			s.tell(b, func() { s.state = change.State })
		}
	case sdk.TopicEnded:
		if how, ok := e.Response.(sdk.Ended); ok {
			s.tell(b, func() { s.ended = how.EndCode })
		}
	case sdk.TopicHeartbeat:
		if e.Err != nil && errors.Is(e.Err, sdk.CodeSessionGone) {
			code := api.EndCodeLeaseExpired
			if answer := e.Err.Data.APIResponse; answer != nil && answer.Status == http.StatusConflict {
				code = api.EndCodeSuperseded
			}
			s.tell(b, func() { s.ended = code })
		}
	}
}

// tell has the seat learn what its browser shows, if it is still the one that
// the person sits at. A worker may be about to hand over a browser that is new.
func (s *seat) tell(b *browser, what func()) {
	s.floor.scheduler.tell(func(time.Time) {
		if s.browser == b {
			what()
			s.floor.refresh(s)
		}
	})
}
