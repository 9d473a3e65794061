package demo

import (
	"slices"
	"time"

	"github.com/muster-presence/muster/api"
)

// latestComing is the longest time into the past after which somebody has come:
// people who all came at once would stand like a wall in every curve.
const latestComing = 20 * time.Minute

// Moment is something that a simulated agent did before the show.
type Moment struct {
	At time.Time
	// Agent is whose it is: an index, as [NameOf] has it.
	Agent int
	// Began says that a session began. Else State is the state that was asked for,
	// with a reason where there is one; or, where it is "", Direction the direction.
	Began     bool
	State     api.State
	Direction api.Direction
	// ReasonID and ReasonListID are of a reason that the agent may give, or "".
	ReasonID, ReasonListID string
}

// Past tells what the first so many agents of a seed did from one time to
// another, oldest first: sessions, states and directions at the pace of a real
// floor. Calls are not in it, and browsers do not die. Whoever is still there at
// the end logs out then, so that the show finds everybody at home. The lists say
// which reasons an agent may give. The same arguments tell the same.
func Past(agents int, seed uint64, from, to time.Time, lists func(agent int) []api.ReasonList) []Moment {
	var past []Moment
	for i := range agents {
		// With the dice of the show, people would live the same again when it begins.
		p := newPerson(^seed, uint64(i), 1)
		p.absence = p.dice.between(0, min(latestComing, to.Sub(from)))
		past = append(past, p.lived(i, from, to, choicesIn(lists(i)))...)
	}
	slices.SortStableFunc(past, func(a, b Moment) int { return a.At.Compare(b.At) })
	return past
}

// lived is what somebody does in a world where everything succeeds.
func (p *person) lived(agent int, from, to time.Time, reasons choices) (life []Moment) {
	here := false
	for at := from; ; {
		what := p.next()
		if at = at.Add(what.after); !at.Before(to) {
			break
		}
		if what.deed == loseBrowser {
			what = intention{deed: comeBack} // before anybody has noticed: what follows from silence, the server alone decides
		}
		p.done(what)
		m := Moment{At: at, Agent: agent}
		switch what.deed {
		case startSession:
			m.Began, here = true, true
		case goReady:
			m.State = api.StateReady
		case goNotReady:
			m.State = api.StateNotReady
			if reason, ok := reasons.choose(what.purpose, what.pick); ok {
				m.ReasonID, m.ReasonListID = reason.reason, reason.list
			}
		case changeDirection:
			m.Direction = what.direction
		case logOut:
			m.State, here = api.StateOffline, false
		default: // nobody sees it
			continue
		}
		life = append(life, m)
	}
	if here {
		life = append(life, Moment{At: to, Agent: agent, State: api.StateOffline})
	}
	return life
}
