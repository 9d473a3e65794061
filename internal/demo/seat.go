package demo

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/muster-presence/muster/api"
)

// seat is a simulated agent at work: a person, their browser, and what the
// server gave them. It is an [actor].
type seat struct {
	floor    *floor
	username string
	person   *person
	// jitter spreads retries. It is not the person's dice: how often the server
	// was away must not change what the person decides.
	jitter dice

	intention intention
	due       time.Time // of the intention
	waits     bool      // for the end of a call, and due then
	key       string    // of the intention's request, the same over retries

	badge       badge
	renewed     bool   // the badge, and nothing was accepted with it yet
	session     string // empty without one
	heartbeatAt time.Time
	browserDown bool

	admission admission // to log in
	retry     backoff

	calls      int
	lastCallAt time.Time // when the last call ended

	counted Stats // on the floor's board
}

func newSeat(f *floor, index int, pace float64, now time.Time) *seat {
	s := &seat{
		floor:    f,
		username: Username(index, f.seed),
		person:   newPerson(f.seed, uint64(index), pace),
		jitter:   newDice(f.seed, 2*uint64(index)+1),
	}
	s.intend(now)
	return s
}

// intend asks the person what comes next.
func (s *seat) intend(now time.Time) {
	s.intention = s.person.next()
	s.due = now.Add(s.intention.after)
	s.waits = false
	s.key = rand.Text()
}

// nextTurn is when the seat has something to do: what the person intends, or a
// heartbeat, but nothing while the server is given a rest.
func (s *seat) nextTurn() (time.Time, bool) {
	switch s.admission {
	case inLine:
		return time.Time{}, false
	case admitted:
		return time.Time{}, true // before all others
	}
	turn := s.due
	if s.beats() && (s.waits || s.heartbeatAt.Before(turn)) {
		turn = s.heartbeatAt
	}
	return latest(turn, s.retry.until), true
}

func (s *seat) beats() bool { return s.session != "" && !s.browserDown }

func (s *seat) wantsBadge(now time.Time) bool {
	return !s.badge.valid() || s.intendsNow(now) && s.intention.deed == logIn
}

func (s *seat) intendsNow(now time.Time) bool { return !s.waits && !s.due.After(now) }

// act returns the request to send now.
func (s *seat) act(now time.Time) request {
	switch {
	case s.wantsBadge(now):
		return s.logIn()
	case !s.intendsNow(now):
		return s.sendHeartbeat()
	case s.intention.patient && s.calls > 0:
		s.waits = true
		return nil
	case s.intention.deed == loseBrowser:
		s.browserDown = true
		s.succeed(now)
		return nil
	}
	return s.sendIntention()
}

// logIn sends people through the reception first.
func (s *seat) logIn() request {
	if s.admission == outside {
		s.floor.reception.join(s)
		return nil
	}
	desk, username := s.floor.desk, s.username
	return func(ctx context.Context) learn {
		got, err := desk.logIn(ctx, username)
		return func(now time.Time) { s.loggedIn(now, got, err) }
	}
}

func (s *seat) loggedIn(now time.Time, got badge, err error) {
	s.floor.reception.leave(s)
	switch what, wait := judge(err); {
	case what == unavailable:
		s.suffer(now, logIn.String(), what, wait, err)
	case what != accepted:
		s.turnAway(now, logIn.String(), err)
	case s.intention.deed == logIn:
		s.badge, s.session, s.browserDown = got, "", false
		s.floor.employ(got.user, s)
		s.succeed(now)
	default: // only the token is new
		s.badge, s.renewed = got, true
		s.retry.reset()
	}
}

// sendHeartbeat says that the browser is there.
func (s *seat) sendHeartbeat() request {
	desk, as, session := s.floor.desk, s.badge, s.session
	return func(ctx context.Context) learn {
		delay, err := desk.heartbeat(ctx, as, session)
		return func(now time.Time) { s.heard(now, delay, err) }
	}
}

func (s *seat) heard(now time.Time, delay time.Duration, err error) {
	switch what, wait := judge(err); what {
	case accepted:
		s.beatAfter(now, delay)
		s.retry.reset()
		s.renewed = false
	case denied, workOpen:
		s.floor.complaints.add(now, "heartbeat", what, err)
		s.beatAfter(now, longestPause)
	default:
		s.suffer(now, "heartbeat", what, wait, err)
	}
}

func (s *seat) beatAfter(now time.Time, delay time.Duration) {
	s.heartbeatAt = now.Add(max(delay, shortestHeartbeat))
}

// shortestHeartbeat is the least that a server may ask for.
const shortestHeartbeat = 500 * time.Millisecond

// sendIntention does what the person intends.
func (s *seat) sendIntention() request {
	desk, as, session, what, key := s.floor.desk, s.badge, s.session, s.intention, s.key
	change := api.SetStateRequest{SessionID: &session}
	switch what.deed {
	case startSession:
		return func(ctx context.Context) learn {
			started, err := desk.startSession(ctx, as, key)
			return func(now time.Time) { s.started(now, started, err) }
		}
	case comeBack:
		return func(ctx context.Context) learn {
			delay, err := desk.heartbeat(ctx, as, session)
			return func(now time.Time) { s.cameBack(now, delay, err) }
		}
	case changeDirection:
		turned := api.SetDirectionRequest{SessionID: &session, Direction: what.direction}
		return s.send(func(ctx context.Context) error { return desk.setDirection(ctx, as, turned, key) })
	case goReady:
		change.State = api.StateReady
	case logOut:
		change.State, change.ForceLogout = api.StateOffline, &what.force
	case goNotReady:
		change.State = api.StateNotReady
		if reason, ok := as.choices.choose(what.purpose, what.pick); ok {
			change.Reason, change.ReasonID, change.ReasonListID = &reason.name, &reason.reason, &reason.list
		}
	}
	return s.send(func(ctx context.Context) error { return desk.setState(ctx, as, change, key) })
}

// send is a request of which only its error is of interest.
func (s *seat) send(ask func(ctx context.Context) error) request {
	return func(ctx context.Context) learn {
		err := ask(ctx)
		return func(now time.Time) {
			what, wait := judge(err)
			s.conclude(now, what, wait, err)
		}
	}
}
