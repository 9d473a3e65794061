package httpapi

import (
	"cmp"
	"slices"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

func explainState(c *call) (any, error) {
	agent, err := c.server.Engine.Agent(c.ctx(), c.key())
	if err != nil {
		return nil, err
	}
	past, err := c.past(agent)
	if err != nil {
		return nil, err
	}
	timers, err := c.timers(agent)
	if err != nil {
		return nil, err
	}
	if !c.own() {
		agent = agent.SeenByOthers()
	}
	state := c.state(agent, presence.Event{})
	return api.Why{
		ResourceID:   state.ResourceID,
		SessionID:    state.SessionID,
		State:        state.State,
		Reason:       state.Reason,
		ReasonID:     state.ReasonID,
		ReasonListID: state.ReasonListID,
		Since:        state.StateSince,
		Connection:   state.Connection,
		Offerable:    state.Offerable,
		Chain:        c.steps(past.records),
		Truncated:    past.truncated,
		Timers:       timers,
		Timestamp:    state.Timestamp,
	}, nil
}

// steps explain records.
func (c *call) steps(records []store.Record) []api.WhyStep {
	steps := []api.WhyStep{}
	for _, record := range records {
		steps = append(steps, wire.Step(record, c.own()))
	}
	return steps
}

// timers are the steps of decay that are due while the agent is not heard, as the
// engine would take them.
func (c *call) timers(agent presence.Agent) ([]api.WhyTimer, error) {
	timers := []api.WhyTimer{}
	silence, ok, err := c.server.Engine.Silence(c.ctx(), c.key())
	if err != nil || !ok || agent.Session == nil || !c.own() && agent.Session.Silent {
		return timers, err
	}
	now := c.server.Engine.Now()
	add := func(rule, effect string, left time.Duration) {
		timers = append(timers, api.WhyTimer{Rule: rule, Effect: effect, At: api.Time(now.Add(left))})
	}
	silent, lost, held, end := silence.Limits.Silent-silence.Lasted, silence.LostAfter-silence.Alone,
		silence.Limits.NotReady-silence.Lasted, silence.Limits.End-silence.Lasted
	closed := silence.Alone >= 0 && agent.Session.Connection != presence.Lost && lost < end
	if closed {
		add("socket_closed", "The agent is no longer offered work: the client's last socket is closed.", lost)
	}
	// Who is lost already does not fall silent any more.
	if agent.Session.Connection == presence.Live && (!closed || silent < lost) {
		add("connection_silent", "The agent is no longer offered work.", silent)
	}
	if agent.Session.Held == nil {
		add("connection_lost", "The system holds the agent not ready with the reason Connection lost.", held)
	}
	add("lease_expired", "The session ends.", end)
	slices.SortStableFunc(timers, func(a, b api.WhyTimer) int { return cmp.Compare(a.At, b.At) })
	return timers, nil
}
