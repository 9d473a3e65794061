package demo

import (
	"time"

	"github.com/muster-presence/muster/api"
)

// done says that the server accepted what was intended.
func (p *person) done(what intention) {
	if what.deed != logIn {
		p.setbacks = 0
	}
	switch what.deed {
	case logIn:
		if p.place == cutOff && p.fate == fateGivesUp {
			p.newShift()
		}
		p.place, p.absence = atDesk, p.onClock(p.dice.between(time.Second, 5*time.Second))
	case startSession:
		p.place, p.direction, p.attempts, p.stay = arrived, api.DirectionInbound, 0, nil
	case takeUp:
		p.place = p.stay.place
	case goReady, comeBack:
		p.place = working
	case goNotReady:
		p.place = paused
		p.lunched = p.lunched || what.purpose == lunch
	case changeDirection:
		p.direction = what.direction
	case logOut:
		p.place, p.absence = atHome, p.onClock(p.dice.between(shortestAbsence, longestAbsence))
		p.newShift()
	case loseBrowser:
		p.place = cutOff
	}
}

// held says that a log-out was refused for open work.
func (p *person) held() { p.attempts++ }

// thrownOut says that the session was ended by somebody or something else. The
// person starts another one.
func (p *person) thrownOut() {
	p.stay = nil
	p.place, p.absence = atDesk, p.dice.between(soonestAfterEnd, latestAfterEnd)
}

// superseded says that a newer session of the same agent lives: somebody at
// another desk uses the account. The person leaves it to them for a while.
func (p *person) superseded() {
	p.stay = nil
	p.place, p.absence = atHome, p.dice.between(soonestAfterTakeover, latestAfterTakeover)
}

// refused says that what was intended cannot be done, now or soon. In a session
// the person goes on with something else; outside of one, all begins again.
// Either way the next thing has to wait, longer with each refusal in a row.
func (p *person) refused(what intention) {
	p.setbacks++
	switch what.deed {
	case takeUp:
		p.stay = nil
		fallthrough
	case logIn, startSession, comeBack:
		p.place, p.absence = atHome, 0
	}
}

// setback is how long the next thing has to wait at least.
func (p *person) setback() time.Duration {
	longest := min(firstSetback<<min(p.setbacks, 10), longestSetback)
	return p.dice.between(longest/2, longest)
}
