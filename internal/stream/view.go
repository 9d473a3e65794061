package stream

import "github.com/muster-presence/muster/internal/presence"

// View says which part of a tenant's log is seen.
type View struct {
	// Floor: every agent's row. Otherwise one agent's own events.
	Floor bool
	// Agent is whose own events; not with Floor.
	Agent presence.AgentID
	// Group limits the floor to the agents of a group, by its name; empty: all.
	Group string
}

// Name is the view's name on the wire and in metrics.
func (v View) Name() string {
	if v.Floor {
		return "floor"
	}
	return "self"
}
