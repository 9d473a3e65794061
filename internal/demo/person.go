package demo

import (
	"time"

	"github.com/muster-presence/muster/api"
)

// place is where somebody is in their day.
type place int

const (
	atHome  place = iota // without a token that would be used again
	atDesk               // logged in, without a session
	arrived              // in a session, not yet ready
	working              // ready
	paused               // not ready, for a purpose
	cutOff               // the browser is dead
)

// person is the life of a simulated agent. It knows neither clock nor network:
// next says what the person does and after how long; then, once that is known,
// exactly one of the other methods says how it came out, and next may be asked
// again. The same seed and the same outcomes give the same life.
type person struct {
	dice dice
	pace float64

	place     place
	direction api.Direction
	purpose   purpose // of the pause, or of the one to come
	fate      int     // of the dead browser
	// absence is how long the person stays where they are before they log in or
	// start a session, in the time of the clock.
	absence time.Duration
	stay    *stay // from before the show, until it is taken up or lost

	// The shift, in floor time.
	shift, worked, lunchAt time.Duration
	lunched                bool

	attempts int // to log out, refused for open work
	setbacks int // refusals in a row
}

// newPerson returns somebody who is about to log in at once, at some point of a
// shift: people who all began together would all leave together.
func newPerson(seed, index uint64, pace float64) *person {
	p := &person{dice: newDice(seed, 2*index), pace: pace}
	p.newShift()
	p.worked = p.dice.between(0, p.shift*9/10)
	p.lunched = p.worked > p.lunchAt
	return p
}

func (p *person) newShift() {
	p.shift = p.dice.between(shortestShift, longestShift)
	p.worked, p.lunched = 0, false
	p.lunchAt = p.dice.between(p.part(lunchEarliest), p.part(lunchLatest))
}

func (p *person) part(of float64) time.Duration { return time.Duration(of * float64(p.shift)) }

// next decides what the person does.
func (p *person) next() intention {
	if p.back() {
		return p.goOn()
	}
	what := p.intend()
	if p.setbacks > 0 {
		what.after = max(what.after, p.setback())
	}
	return what
}

func (p *person) intend() intention {
	switch p.place {
	case atHome:
		return intention{deed: logIn, after: p.absence}
	case atDesk:
		if p.stay != nil {
			return intention{deed: takeUp}
		}
		return intention{deed: startSession, after: p.absence}
	case arrived:
		return p.soon(intention{deed: goReady}, p.dice.between(5*time.Second, 25*time.Second))
	case working:
		return p.spell()
	case paused:
		return p.endPause()
	default:
		return p.endOfOutage()
	}
}

// soon is an intention after some floor time.
func (p *person) soon(what intention, after time.Duration) intention {
	p.worked += after
	what.after = p.onClock(after)
	return what
}

// onClock turns floor time into the clock's.
func (p *person) onClock(floor time.Duration) time.Duration {
	return time.Duration(float64(floor) / p.pace)
}

// spell is the time ready until something else comes up, unless the browser dies
// before.
func (p *person) spell() intention {
	what, after := p.upcoming(p.dice.around(meanSpell, shortestSpell, longestSpell))
	if p.dice.within(p.onClock(after), max(p.onClock(browserLife), shortestBrowserLife)) {
		return p.soon(intention{deed: loseBrowser}, p.dice.between(0, after))
	}
	return p.soon(what, after)
}

// upcoming is what ends a spell, and when: the end of the shift and lunch come
// when it is time for them.
func (p *person) upcoming(spell time.Duration) (what intention, after time.Duration) {
	left, toLunch := p.shift-p.worked, p.lunchAt-p.worked
	switch {
	case p.attempts > 0:
		return p.leave(), p.dice.between(20*time.Second, time.Minute)
	case left <= spell:
		return p.leave(), max(left, 0)
	case !p.lunched && toLunch <= spell:
		return p.pauseFor(lunch), max(toLunch, 0)
	}
	switch p.dice.weigh(spellEnds[:]...) {
	case endShortBreak:
		return p.pauseFor(shortBreak), spell
	case endTraining:
		return p.pauseFor(training), spell
	case endOtherWork:
		return p.pauseFor(otherWork), spell
	default:
		return intention{deed: changeDirection, direction: p.otherDirection(), patient: true}, spell
	}
}

func (p *person) leave() intention {
	return intention{deed: logOut, patient: true, force: p.attempts >= attemptsBeforeForce}
}

// pauseFor goes not ready. Most people finish their call before; some ask for
// the break while they talk and are offered nothing more.
func (p *person) pauseFor(purpose purpose) intention {
	p.purpose = purpose
	return intention{
		deed: goNotReady, purpose: purpose, pick: p.dice.random.Uint64(),
		patient: p.dice.chance(0.8),
	}
}

func (p *person) otherDirection() api.Direction {
	switch {
	case p.direction != api.DirectionInbound:
		return api.DirectionInbound
	case p.dice.chance(0.7):
		return api.DirectionOutbound
	}
	return api.DirectionAgentInitiated
}

// endPause goes back to work, or home if the shift is over by then.
func (p *person) endPause() intention {
	what, length := intention{deed: goReady}, p.dice.between(pauses[p.purpose].shortest, pauses[p.purpose].longest)
	if p.attempts > 0 || p.worked+length >= p.shift {
		what = p.leave()
	}
	return p.soon(what, length)
}

func (p *person) endOfOutage() intention {
	p.fate = p.dice.weigh(fates[:]...)
	switch p.fate {
	case fateResumes:
		return intention{deed: comeBack, after: p.dice.between(soonestReturn, latestReturn)}
	case fateLogsIn:
		return intention{deed: logIn, after: p.dice.between(soonestReturn, latestReturn)}
	default:
		return intention{deed: logIn, after: p.dice.between(soonestNewDay, latestNewDay)}
	}
}
