package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
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

const (
	// routerAway is how long a report waits for a router that is not logged in.
	routerAway = time.Second
	// A server that could not take a report for as long as the SDK tries is left
	// alone for so long.
	shortestRest, longestRest = 20 * time.Second, time.Minute
)

// call is an interaction that an agent has, from the offer to the end, as the
// router reports it. It is an [actor].
type call struct {
	floor       *floor
	seat        *seat
	agent       string
	interaction string
	direction   api.Direction
	script      script

	step step
	due  time.Time
}

// newInteraction returns a random id: with ids from the seed, two shows against
// one database would report the same interactions.
func newInteraction() string {
	var id [16]byte
	rand.Read(id[:]) // never fails: crypto/rand ends the process instead
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func (c *call) nextTurn() (time.Time, bool) { return c.due, c.step != over }

func (c *call) act(now time.Time) request {
	if c.step == toAnswer && c.ringsOut() {
		c.step = toEnd
	}
	router := c.floor.switchboard.router
	if router == nil {
		c.due = now.Add(routerAway)
		return nil
	}
	ask := c.end(router)
	if c.step != toEnd {
		ask = c.report(router)
	}
	return func(ctx context.Context) learn {
		err := ask(ctx)
		return func(now time.Time) { c.reported(now, err) }
	}
}

// ringsOut reports whether nobody picks up. What an agent starts does not ring.
func (c *call) ringsOut() bool {
	return c.direction != api.DirectionAgentInitiated && (!c.script.answered || c.seat.dead())
}

func (c *call) report(router *browser) func(ctx context.Context) error {
	p := sdk.ReportWorkParams{
		TenantID: router.tenant, ResourceID: c.agent, InteractionID: c.interaction,
		Channel: c.script.channel, Direction: c.direction, State: api.WorkStateOffered,
	}
	switch c.step {
	case toAnswer:
		p.State = api.WorkStateActive
	case toWrapUp:
		p.State = api.WorkStateWrapUp
	}
	return func(ctx context.Context) error {
		_, err := router.client.Work.Report(ctx, p)
		return err
	}
}

func (c *call) end(router *browser) func(ctx context.Context) error {
	p := sdk.EndWorkParams{TenantID: router.tenant, ResourceID: c.agent, InteractionID: c.interaction}
	return func(ctx context.Context) error { return router.client.Work.End(ctx, p) }
}

// reported learns what came of a report.
func (c *call) reported(now time.Time, err error) {
	what := judge(err)
	if what != accepted && what != sessionOver {
		c.floor.complaints.add(now, c.step.String(), what, err)
	}
	switch {
	case what == accepted:
		c.advance(now)
	case what == sessionOver:
		c.finish(now) // with the session, its work has ended
	case what == unavailable && c.step != toOffer:
		c.due = now.Add(c.seat.jitter.between(shortestRest, longestRest))
	case c.step == toEnd:
		c.finish(now) // nothing more can be done about it
	default:
		c.step = toEnd // the last try of an offer may have arrived
	}
}

func (c *call) advance(now time.Time) {
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
