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

// Past is what simulated agents did before a show, and how it left them. Make it
// with [NewPast]; one is for one show.
type Past struct {
	moments  []Moment
	people   []*person // by agent
	sessions []string  // by agent, as Began was told
}

// NewPast tells what the first so many agents of a seed did from one time to
// another: sessions, states and directions at the pace of a real floor. Calls are
// not in it, and browsers do not die. Whoever is there at the end stays, for the
// show to go on with. The lists say which reasons an agent may give. The same
// arguments tell the same.
func NewPast(agents int, seed uint64, from, to time.Time, lists func(agent int) []api.ReasonList) *Past {
	past := &Past{sessions: make([]string, agents)}
	for i := range agents {
		// With the dice of the show, somebody who comes without a past would live this one again.
		p := newPerson(^seed, uint64(i), 1)
		p.absence = p.dice.between(0, min(latestComing, to.Sub(from)))
		past.moments = append(past.moments, p.lived(i, from, to, choicesIn(lists(i)))...)
		past.people = append(past.people, p)
	}
	slices.SortStableFunc(past.moments, func(a, b Moment) int { return a.At.Compare(b.At) })
	return past
}

// Moments are what happened, oldest first.
func (p *Past) Moments() []Moment { return p.moments }

// Began says which session an agent began, by the server's id: if it is the last
// of them and open at the end, the show takes it up.
func (p *Past) Began(agent int, session string) { p.sessions[agent] = session }

// handOver gives an agent to a show at its pace, with the session to take up, ""
// for none. An agent whom the past does not know is nil.
func (p *Past) handOver(agent int, pace float64) (left *person, session string) {
	if p == nil || agent >= len(p.people) {
		return nil, ""
	}
	left = p.people[agent]
	left.hasten(pace)
	if left.stay != nil {
		session = p.sessions[agent]
	}
	return left, session
}

// lived is what somebody does in a world where everything succeeds. In the
// end they are in the middle of something.
func (p *person) lived(agent int, from, to time.Time, reasons choices) (life []Moment) {
	for at := from; ; {
		what := p.next()
		if at = at.Add(what.after); !at.Before(to) {
			what.after = at.Sub(to)
			p.interrupt(what)
			return life
		}
		if what.deed == loseBrowser {
			what = intention{deed: comeBack} // before anybody has noticed: what follows from silence, the server alone decides
		}
		p.done(what)
		m := Moment{At: at, Agent: agent}
		switch what.deed {
		case startSession:
			m.Began = true
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
			m.State = api.StateOffline
		default: // nobody sees it
			continue
		}
		life = append(life, m)
	}
}
