package simtest

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

const (
	shift     = 8 * time.Hour
	beatEvery = 15 * time.Second
)

var breaks = []presence.Reason{
	{Name: "Lunch", ID: presence.ReasonID{UUID: presence.UUID{15: 1}}, List: presence.ReasonListID{UUID: presence.UUID{15: 1}}},
	{Name: "Coffee", ID: presence.ReasonID{UUID: presence.UUID{15: 2}}, List: presence.ReasonListID{UUID: presence.UUID{15: 1}}},
	{},
}

// person is somebody who works a shift as an agent.
type person struct {
	day     *day
	key     presence.Key
	goes    time.Duration // when the shift ends
	alive   bool          // the browser runs
	session presence.SessionID
	browser int  // counts browsers: what an old one planned is void
	busy    bool // has a call or is about to
	calls   uint32
	died    int
	heard   []presence.Instant
}

// hire plans a shift for somebody, at any time of the day.
func (d *day) hire(key presence.Key) {
	p := &person{day: d, key: key}
	d.people = append(d.people, p)
	comes := d.between(0, 24*time.Hour-shift-time.Hour)
	p.goes = comes + shift
	d.at(comes, p.open)
}

func (p *person) actor() presence.Actor {
	return presence.Actor{Cause: presence.ByAgent, ID: p.key.Agent, Name: "Agent"}
}

// while makes a plan of the browser that runs now.
func (p *person) while(least, most time.Duration, do func()) {
	browser := p.browser
	p.day.after(least, most, func() {
		if p.alive && p.browser == browser {
			do()
		}
	})
}

// ask is an own request: a sign of life unless it is refused.
func (p *person) ask(command presence.Command) (presence.Agent, presence.RefusalCode) {
	a, refused := p.day.node.do(p.key, command)
	if refused == "" {
		p.wasHeard()
	}
	return a, refused
}

func (p *person) wasHeard() { p.heard = append(p.heard, p.day.node.engine.Now()) }

// open opens a browser and begins a session.
func (p *person) open() {
	var random [8]byte
	binary.BigEndian.PutUint64(random[:], p.day.random.Uint64())
	p.alive = true
	p.browser++
	a, _ := p.ask(presence.StartSession{By: p.actor(), Random: random})
	p.session = a.Session.ID
	p.work()
}

// work is what a browser with a session does.
func (p *person) work() {
	p.while(0, beatEvery, p.beat)
	p.while(time.Second, 5*time.Minute, p.change)
	p.while(30*time.Minute, 12*time.Hour, p.die)
	p.while(max(p.goes-p.day.now(), 0), max(p.goes-p.day.now(), 0), p.leave)
}

// beat sends a heartbeat, again and again.
func (p *person) beat() {
	_, err := p.day.node.engine.Heartbeat(p.day.node.t.Context(), p.key, p.session)
	var refusal *presence.Refusal
	switch {
	case errors.As(err, &refusal):
		p.open() // the session has ended meanwhile
		return
	case err != nil:
		p.day.node.t.Fatalf("heartbeat: %v", err)
	}
	p.wasHeard()
	p.while(beatEvery, beatEvery, p.beat)
}

// change changes the state, sometimes the direction, again and again.
func (p *person) change() {
	switch {
	case p.day.chance(10):
		p.ask(presence.SetDirection{By: p.actor(), Session: p.session, Direction: presence.Directions()[p.day.random.IntN(3)]})
	case p.day.chance(60):
		p.ask(presence.GoReady{By: p.actor(), Session: p.session, HasExtension: true})
		p.day.after(5*time.Second, 2*time.Minute, p.ring)
	default:
		p.ask(presence.GoNotReady{By: p.actor(), Session: p.session, Reason: breaks[p.day.random.IntN(len(breaks))]})
	}
	p.while(time.Minute, 8*time.Minute, p.change)
}

// ring offers a call to somebody who is offerable. The call goes on whatever
// becomes of the browser.
func (p *person) ring() {
	a, err := p.day.node.engine.Agent(p.day.node.t.Context(), p.key)
	if err != nil {
		p.day.node.t.Fatal(err)
	}
	if p.busy || !a.Offerable() {
		return
	}
	p.busy = true
	p.calls++
	id := presence.InteractionID{UUID: p.key.Agent.UUID}
	binary.BigEndian.PutUint32(id.UUID[8:], 0x80000000|p.calls)
	report := func(state presence.WorkState) func() {
		return func() {
			p.day.node.do(p.key, presence.ReportWork{By: presence.System(), Work: presence.Work{
				Interaction: id, Channel: "voice", Direction: presence.Inbound, State: state,
			}})
		}
	}
	report(presence.WorkOffered)()
	talk := p.day.between(20*time.Second, 6*time.Minute)
	p.day.at(p.day.now()+10*time.Second, report(presence.WorkActive))
	p.day.at(p.day.now()+10*time.Second+talk, report(presence.WorkWrapUp))
	p.day.at(p.day.now()+40*time.Second+talk, func() {
		p.day.node.do(p.key, presence.EndWork{By: presence.System(), Interaction: id})
		p.busy = false
	})
}

// die lets the browser die. It comes back in time, or after the session's end.
func (p *person) die() {
	p.alive = false
	p.died++
	p.day.after(5*time.Second, 10*time.Minute, func() {
		p.alive = true
		p.browser++
		p.work()
	})
}

// leave logs out, unless the browser is dead: then the session just ends.
func (p *person) leave() {
	p.ask(presence.GoOffline{By: p.actor(), Session: p.session, Force: true})
	p.alive = false
}
