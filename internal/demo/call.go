package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/muster-presence/muster/api"
)

// step is what the router reports of a call next.
type step int

const (
	toOffer step = iota
	toAnswer
	toWrapUp
	toEnd
	over // nothing more to report
)

func (s step) String() string {
	return [...]string{"offer work", "report work active", "report wrap-up", "end work", "nothing"}[s]
}

// offerFor is how long the router tries to make an offer that the server could
// not take.
const offerFor = 20 * time.Second

// call is an interaction that an agent has, from the offer to the end, as the
// router reports it. It is an [actor].
type call struct {
	floor       *floor
	seat        *seat
	agent       string
	interaction string
	direction   api.Direction
	script      script

	step  step
	due   time.Time
	begun time.Time
	retry backoff
}

// begin gives the agent at the seat a call. Agents who take only what they start
// themselves are not offered it: they are on it at once.
func (f *floor) begin(s *seat, row api.FloorRow, how script, now time.Time) {
	c := &call{
		floor: f, seat: s, agent: row.ResourceID, interaction: newInteraction(),
		direction: row.Direction, script: how, due: now, begun: now,
	}
	if row.Direction == api.DirectionAgentInitiated {
		c.step = toAnswer
	}
	f.ring(c)
}

// clear ends work that a show before this one left behind.
func (f *floor) clear(s *seat, row api.FloorRow, left api.Work, now time.Time) {
	f.ring(&call{
		floor: f, seat: s, agent: row.ResourceID, interaction: left.InteractionID,
		direction: left.Direction, step: toEnd, due: now, begun: now,
	})
}

// newInteraction returns a random id: with ids from the seed, two shows against
// one database would report the same interactions.
func newInteraction() string {
	var id [16]byte
	rand.Read(id[:]) // never fails: crypto/rand ends the process instead
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func (c *call) nextTurn() (time.Time, bool) {
	return latest(c.due, c.retry.until), c.step != over
}

func (c *call) act(now time.Time) request {
	if c.step == toAnswer && c.ringsOut() {
		c.step = toEnd
	}
	as := c.floor.switchboard.badge
	if !as.valid() {
		c.due = now.Add(firstPause)
		return nil
	}
	desk, agent, interaction, report := c.floor.desk, c.agent, c.interaction, c.report()
	ask := func(ctx context.Context) error { return desk.reportWork(ctx, as, agent, interaction, report) }
	if c.step == toEnd {
		ask = func(ctx context.Context) error { return desk.endWork(ctx, as, agent, interaction) }
	}
	return func(ctx context.Context) learn {
		err := ask(ctx)
		return func(now time.Time) { c.reported(now, as, err) }
	}
}

// ringsOut reports whether nobody picks up. What an agent starts does not ring.
func (c *call) ringsOut() bool {
	return c.direction != api.DirectionAgentInitiated && (!c.script.answered || c.seat.browserDown)
}

func (c *call) report() api.WorkReport {
	report := api.WorkReport{Channel: c.script.channel, Direction: c.direction}
	switch c.step {
	case toOffer:
		report.State = api.WorkStateOffered
	case toAnswer:
		report.State = api.WorkStateActive
	case toWrapUp:
		report.State = api.WorkStateWrapUp
	}
	return report
}

// reported learns what came of a report.
func (c *call) reported(now time.Time, as badge, err error) {
	what, wait := judge(err)
	if what != accepted && what != sessionOver {
		c.floor.complaints.add(now, c.step.String(), what, err)
	}
	switch {
	case what == accepted:
		c.advance(now)
	case what == sessionOver:
		c.finish(now) // with the session, its work has ended
	case what == unavailable && c.step == toOffer && now.Sub(c.begun) > offerFor:
		c.step = toEnd // the last try may have arrived
	case what == unavailable:
		c.retry.fail(now, wait, c.seat.jitter)
	case what == tokenRefused:
		c.floor.switchboard.renew(as)
		c.retry.fail(now, 0, c.seat.jitter)
	case c.step == toEnd:
		c.finish(now) // nothing more can be done about it
	default:
		c.step = toEnd
	}
}

func (c *call) advance(now time.Time) {
	c.retry.reset()
	c.floor.board.changed()
	switch c.step {
	case toOffer:
		c.step, c.due = toAnswer, now.Add(c.script.ring)
	case toAnswer:
		c.step, c.due = toWrapUp, now.Add(c.script.talk)
	case toWrapUp:
		c.step, c.due = toEnd, now.Add(c.script.wrap)
	case toEnd:
		c.finish(now)
	}
}

func (c *call) finish(now time.Time) {
	c.step = over
	c.floor.hangUp(c, now)
}
