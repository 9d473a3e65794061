package wire

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// FloorRow is an agent on the floor. The row's agent is as others see it.
func FloorRow(row store.FloorRow) api.FloorRow {
	state := State(row.AgentID, row.Agent, presence.Event{}, 0)
	groups := row.Groups
	if groups == nil {
		groups = []string{}
	}
	wire := api.FloorRow{
		ResourceID:      state.ResourceID,
		Name:            row.Name,
		SessionID:       state.SessionID,
		State:           state.State,
		Reason:          state.Reason,
		ReasonID:        state.ReasonID,
		ReasonListID:    state.ReasonListID,
		Direction:       state.Direction,
		StateSince:      state.StateSince,
		DirectionSince:  state.DirectionSince,
		Offerable:       state.Offerable,
		Connection:      state.Connection,
		AvailableStates: state.AvailableStates,
		Pending:         state.Pending,
		Work:            []api.Work{},
		Groups:          groups,
		Version:         int64(row.Agent.RowVersion),
	}
	if row.Agent.Session != nil {
		wire.Work = WorkList(row.Agent.Session.Work)
	}
	return wire
}
