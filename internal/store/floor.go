package store

import (
	"context"

	"github.com/muster-presence/muster/internal/presence"
)

// Floor reads all agents of a tenant as a supervisor or a router sees them.
type Floor interface {
	// FloorRows returns the agents (active members who may be agents) that
	// match, in a lasting order, beginning after the given place ("" at the
	// first page), and the place to go on from, "" at the end. Agents without a
	// session, and those in a silent one, come as offline.
	FloorRows(ctx context.Context, tenant presence.TenantID, query FloorQuery) (rows []FloorRow, next string, err error)
}

// FloorQuery selects rows; zero fields select all.
type FloorQuery struct {
	After     string
	Limit     int // at least 1
	Offerable bool
	Direction presence.Direction
	State     presence.State
	Group     string
}

// FloorRow is one agent on the floor.
type FloorRow struct {
	AgentID presence.AgentID
	Name    string
	Groups  []string
	// Agent is as others see it; see [presence.Agent.SeenByOthers].
	Agent presence.Agent
}

// Matches reports whether an agent of those groups, as others see it, is
// selected by the query. It is the meaning that adapters' SQL is tested against.
func (q FloorQuery) Matches(row FloorRow) bool {
	agent := row.Agent
	if q.Offerable && !agent.Offerable() {
		return false
	}
	if q.Direction != "" && (agent.Session == nil || agent.Session.Direction != q.Direction) {
		return false
	}
	if q.State != "" && agent.State() != q.State {
		return false
	}
	if q.Group == "" {
		return true
	}
	for _, group := range row.Groups {
		if group == q.Group {
			return true
		}
	}
	return false
}
