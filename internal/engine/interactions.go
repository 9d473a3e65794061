package engine

import (
	"context"

	"github.com/muster-presence/muster/internal/presence"
)

// interactions knows which agents have which interactions open, and who monitors
// one silently. It follows what is committed.
type interactions struct {
	holders  map[interaction]map[presence.AgentID]struct{}
	monitors map[interaction]map[presence.AgentID]struct{}
}

type interaction struct {
	tenant presence.TenantID
	id     presence.InteractionID
}

func newInteractions() interactions {
	return interactions{
		holders:  make(map[interaction]map[presence.AgentID]struct{}),
		monitors: make(map[interaction]map[presence.AgentID]struct{}),
	}
}

// follow takes over what an agent's change says.
func (i *interactions) follow(key presence.Key, before, after presence.Agent) {
	for _, id := range workOf(before) {
		remove(i.holders, interaction{key.Tenant, id}, key.Agent)
	}
	for _, id := range workOf(after) {
		add(i.holders, interaction{key.Tenant, id}, key.Agent)
	}
	if id := monitoredBy(before); !id.IsZero() {
		remove(i.monitors, interaction{key.Tenant, id}, key.Agent)
	}
	if id := monitoredBy(after); !id.IsZero() {
		add(i.monitors, interaction{key.Tenant, id}, key.Agent)
	}
}

// isOpen reports whether anybody has the interaction open, in this batch.
func (b *batch) isOpen(tenant presence.TenantID, id presence.InteractionID) bool {
	for key, d := range b.drafts {
		if key.Tenant == tenant && has(d.agent, id) {
			return true
		}
	}
	for agent := range b.worker.open.holders[interaction{tenant, id}] {
		if _, drafted := b.drafts[presence.Key{Tenant: tenant, Agent: agent}]; !drafted {
			return true
		}
	}
	return false
}

// endMonitoring ends the monitoring of interactions that an agent's change ended
// for everybody.
func (b *batch) endMonitoring(ctx context.Context, tenant presence.TenantID, before, after presence.Agent) error {
	for _, id := range workOf(before) {
		if has(after, id) || b.isOpen(tenant, id) {
			continue
		}
		for _, agent := range b.monitorsOf(tenant, id) {
			key := presence.Key{Tenant: tenant, Agent: agent}
			d, err := b.draft(ctx, key)
			if err != nil {
				return b.fail(err)
			}
			command := presence.EndMonitoring{By: presence.System(), Interaction: id}
			if _, err := b.decide(ctx, d, Request{Key: key, Command: command}); err != nil {
				return b.fail(err)
			}
		}
	}
	return nil
}

// fail spoils the whole batch: part of what a command means is missing.
func (b *batch) fail(err error) error {
	b.failed = err
	return err
}

func (b *batch) monitorsOf(tenant presence.TenantID, id presence.InteractionID) []presence.AgentID {
	var agents []presence.AgentID
	for key, d := range b.drafts {
		if key.Tenant == tenant && monitoredBy(d.agent) == id {
			agents = append(agents, key.Agent)
		}
	}
	for agent := range b.worker.open.monitors[interaction{tenant, id}] {
		if _, drafted := b.drafts[presence.Key{Tenant: tenant, Agent: agent}]; !drafted {
			agents = append(agents, agent)
		}
	}
	return agents
}

func has(a presence.Agent, id presence.InteractionID) bool {
	if a.Session == nil {
		return false
	}
	_, ok := a.Session.OpenWork(id)
	return ok
}

func workOf(a presence.Agent) []presence.InteractionID {
	if a.Session == nil {
		return nil
	}
	ids := make([]presence.InteractionID, len(a.Session.Work))
	for i, work := range a.Session.Work {
		ids[i] = work.Interaction
	}
	return ids
}

func monitoredBy(a presence.Agent) presence.InteractionID {
	if a.Session == nil {
		return presence.InteractionID{}
	}
	return a.Session.Monitoring
}

func add(sets map[interaction]map[presence.AgentID]struct{}, of interaction, agent presence.AgentID) {
	set := sets[of]
	if set == nil {
		set = make(map[presence.AgentID]struct{})
		sets[of] = set
	}
	set[agent] = struct{}{}
}

func remove(sets map[interaction]map[presence.AgentID]struct{}, of interaction, agent presence.AgentID) {
	delete(sets[of], agent)
	if len(sets[of]) == 0 {
		delete(sets, of)
	}
}
