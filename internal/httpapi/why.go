package httpapi

import (
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

// longestChain is how many changes an explanation goes back at most.
const longestChain = 100

func explainState(c *call) (any, error) {
	agent, err := c.server.Engine.Agent(c.ctx(), c.key())
	if err != nil {
		return nil, err
	}
	records, err := c.server.Storage.LatestOfAgent(c.ctx(), c.key(), longestChain)
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
		Chain:      c.chain(agent, records),
		Timers:     timers,
		Timestamp:  state.Timestamp,
	}, nil
}

// chain is what led to the present state: the live session's changes, or of an
// agent who is offline those of its last session. Others get those that they may
// see; see [presence.Event].
func (c *call) chain(agent presence.Agent, records []store.Record) []api.WhyStep {
	var session presence.SessionID
	switch {
	case agent.Session != nil:
		session = agent.Session.ID
	case agent.Ended != nil:
		session = agent.Ended.Session
	}
	steps := []api.WhyStep{}
	for _, record := range records {
		mayBeSeen := c.own() || record.After.RowVersion == record.Event.Version
		if record.Event.Session == session && mayBeSeen {
			steps = append(steps, wire.Step(record, c.own()))
		}
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
	if agent.Session.Connection == presence.Live {
		add("connection_silent", "The agent is no longer offered work.", silence.Limits.Silent)
	}
	if agent.Session.Held == nil {
		add("connection_lost", "The system holds the agent not ready with the reason Connection lost.", silence.Limits.NotReady)
	}
	add("lease_expired", "The session ends.", silence.Limits.End)
	return timers, nil
}
