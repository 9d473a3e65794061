package demo

import "time"

// started learns what came of starting a session.
func (s *seat) started(now time.Time, session string, err error) {
	what, wait := judge(err)
	if what == accepted {
		s.session = session
		s.beatAfter(now, 0) // the answer to the first says when the next is due
	}
	s.conclude(now, what, wait, err)
}

// cameBack learns whether the session outlived the browser.
func (s *seat) cameBack(now time.Time, delay time.Duration, err error) {
	what, wait := judge(err)
	if what == accepted {
		s.browserDown = false
		s.beatAfter(now, delay)
	}
	s.conclude(now, what, wait, err)
}

// conclude tells the person how the intention came out, and asks for the next
// one unless the same has to be tried again.
func (s *seat) conclude(now time.Time, what verdict, wait time.Duration, err error) {
	switch {
	case what == accepted:
		s.succeed(now)
	case what == sessionOver && s.intention.deed == logOut:
		s.succeed(now) // whoever wanted to leave has left
	case what == workOpen && s.intention.deed == logOut && !s.intention.force:
		s.person.held()
		s.intend(now)
	case what == denied, what == workOpen:
		s.floor.complaints.add(now, s.intention.deed.String(), what, err)
		s.person.refused(s.intention)
		if s.person.place == atHome {
			s.leave()
		}
		s.intend(now)
	default:
		s.suffer(now, s.intention.deed.String(), what, wait, err)
	}
}

func (s *seat) succeed(now time.Time) {
	s.retry.reset()
	switch s.intention.deed {
	case logIn:
	case logOut:
		s.leave()
	default:
		s.renewed = false
	}
	if s.intention.deed.changesPresence() {
		s.floor.board.changed()
	}
	s.person.done(s.intention)
	s.intend(now)
}

// suffer takes what can happen to any request.
func (s *seat) suffer(now time.Time, asked string, what verdict, wait time.Duration, err error) {
	if what == tokenRefused && s.renewed {
		// A new token fares no better than the old one: this is no matter of tokens.
		s.turnAway(now, asked, err)
		return
	}
	s.floor.complaints.add(now, asked, what, err)
	switch what {
	case unavailable:
		s.retry.fail(now, wait, s.jitter)
	case tokenRefused:
		s.badge = badge{}
	case takenOver:
		s.person.superseded()
		s.leave()
		s.intend(now)
	case sessionOver:
		s.person.thrownOut()
		s.session, s.browserDown = "", false
		s.intend(now)
	}
}

// turnAway sends somebody home whom the server will not know.
func (s *seat) turnAway(now time.Time, asked string, err error) {
	s.floor.complaints.add(now, asked, denied, err)
	s.person.refused(intention{deed: logIn})
	s.leave()
	s.intend(now)
}

// leave forgets the session and the token.
func (s *seat) leave() {
	s.session, s.badge, s.renewed, s.browserDown = "", badge{}, false, false
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

// look is what the seat counts as in the statistics.
func (s *seat) look() Stats {
	look := Stats{Agents: 1}
	switch {
	case s.browserDown:
		look.BrowsersDown = 1
	case s.session != "":
		look.LoggedIn = 1
		if s.person.place == working {
			look.Ready = 1
		}
	}
	if s.calls > 0 {
		look.OnCalls = 1
	}
	return look
}
