package demo

import (
	"time"

	"github.com/muster-presence/muster/api"
)

// loggedIn learns what came of a log-in.
func (s *seat) loggedIn(now time.Time, b *browser, err error) {
	s.floor.reception.leave(s)
	if err == nil {
		s.browser, s.session, s.stayed = b, s.stayed, ""
		if s.session != "" {
			s.bookmark.leave(s.floor.clients, b, s.session)
		}
		s.floor.employ(b.user, s, now)
	}
	s.conclude(now, err)
}

// entered learns what came of starting a session or taking one up. Where the old
// one did not outlive its browser, the SDK has started another.
func (s *seat) entered(now time.Time, found welcome, err error) {
	if err == nil {
		if resumes := s.intention.deed == comeBack || s.intention.deed == takeUp; resumes && found.session != s.session {
			s.intention = intention{deed: startSession}
		}
		s.session, s.found, s.state = found.session, found, found.state
	}
	s.conclude(now, err)
}

// conclude tells the person how the intention came out, and asks for the next
// one. The SDK has tried again whatever may be tried again.
func (s *seat) conclude(now time.Time, err error) {
	what := judge(err)
	switch {
	case what == accepted:
		s.succeed(now)
	case what == sessionOver && s.intention.deed == logOut:
		s.succeed(now) // whoever wanted to leave has left
	case what == workOpen && s.intention.deed == logOut && !s.intention.force:
		s.person.held()
		s.intend(now)
	case what == sessionOver && s.browser != nil:
		s.floor.complaints.add(now, s.intention.deed.String(), what, err)
		s.thrownOut(now)
	case what == takenOver:
		s.floor.complaints.add(now, s.intention.deed.String(), what, err)
		s.superseded(now)
	default:
		s.floor.complaints.add(now, s.intention.deed.String(), what, err)
		s.person.refused(s.intention)
		if s.person.place == atHome {
			s.leave()
		}
		s.intend(now)
	}
}

func (s *seat) succeed(now time.Time) {
	if s.intention.deed == logOut {
		s.leave()
	}
	if s.intention.deed.changesPresence() {
		s.floor.board.changed()
	}
	s.person.done(s.intention)
	s.intend(now)
}

// notice takes that the session has ended, as the stream or a heartbeat told.
func (s *seat) notice(now time.Time) {
	how := s.ended
	s.ended = ""
	switch {
	case s.session == "":
	case how == api.EndCodeLoggedOut: // by a log-out of one's own that waited for open work, or at another screen
		s.intention = intention{deed: logOut}
		s.succeed(now)
	case how == api.EndCodeSuperseded:
		s.superseded(now)
	default:
		s.thrownOut(now)
	}
}

func (s *seat) thrownOut(now time.Time) {
	s.person.thrownOut()
	s.session = ""
	s.intend(now)
}

func (s *seat) superseded(now time.Time) {
	s.person.superseded()
	s.leave()
	s.intend(now)
}

// leave forgets the session and has the browser closed.
func (s *seat) leave() {
	if s.browser != nil {
		s.closing = s.browser
	}
	s.browser, s.token, s.session, s.ended = nil, "", "", ""
}

// callBegan and callEnded are the telephone on the seat.
func (s *seat) callBegan() { s.calls++ }

func (s *seat) callEnded(now time.Time) {
	s.calls--
	s.lastCallAt = now
	if s.calls == 0 && s.waits {
		s.waits, s.due = false, now
	}
}

// dead reports whether the browser has died.
func (s *seat) dead() bool { return s.person.place == cutOff }

// look is what the seat counts as in the statistics.
func (s *seat) look() Stats {
	look := Stats{Agents: 1}
	switch {
	case s.dead():
		look.BrowsersDown = 1
	case s.session != "":
		look.LoggedIn = 1
		if s.state == api.StateReady {
			look.Ready = 1
		}
	}
	if s.calls > 0 {
		look.OnCalls = 1
	}
	return look
}
