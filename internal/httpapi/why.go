package httpapi

import (
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
		ResourceID: state.ResourceID,
		SessionID:  state.SessionID,
		State:      state.State,
		Since:      state.StateSince,
		Connection: state.Connection,
		Offerable:  state.Offerable,
		Chain:      c.steps(past.records),
		Truncated:  past.truncated,
		Timers:     timers,
		Timestamp:  state.Timestamp,
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

// timers are the steps of decay that are due while the agent is not heard.
func (c *call) timers(agent presence.Agent) ([]api.WhyTimer, error) {
	timers := []api.WhyTimer{}
	silence, ok, err := c.server.Engine.Silence(c.ctx(), c.key())
	if err != nil || !ok || agent.Session == nil || !c.own() && agent.Session.Silent {
		return timers, err
	}
	now := c.server.Engine.Now()
	add := func(rule, effect string, after time.Duration) {
		timers = append(timers, api.WhyTimer{Rule: rule, Effect: effect, At: api.Time(now.Add(after - silence.Lasted))})
	}
	if silence.Alone >= 0 && agent.Session.Connection != presence.Lost {
		// Counted from the closing; add counts from when the client was last heard.
		add("socket_closed", "The agent is no longer offered work: the client's last socket is closed.", silence.LostAfter-silence.Alone+silence.Lasted)
	}
	if agent.Session.Connection == presence.Live {
		add("connection_silent", "The agent is no longer offered work.", silence.Limits.Silent)
	}
	if agent.Session.Held == nil {
		add("connection_lost", "The system holds the agent not ready with the reason Connection lost.", silence.Limits.NotReady)
	}
	add("lease_expired", "The session ends.", silence.Limits.End)
	return timers, nil
}
