package wire

import (
	"encoding/json"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// State is an agent's presence state. With last, it is the state that the event
// led to: the supervisor who caused it is named, and the session that it ended.
func State(agent presence.AgentID, a presence.Agent, last presence.Event, timestamp presence.Instant) api.PresenceState {
	state := api.PresenceState{
		ResourceID:      agent.String(),
		State:           api.State(a.State()),
		AvailableStates: states(a.AvailableStates()),
		Direction:       api.Direction(presence.Inbound),
		Connection:      api.Connection(presence.Lost),
		Offerable:       a.Offerable(),
		Cause:           api.Cause(presence.BySystem),
		Timestamp:       api.Time(timestamp),
	}
	if last.By.Cause == presence.BySupervisor {
		state.SupervisorID = last.By.ID.String()
		state.SupervisorName = last.By.Name
	}
	if a.Session == nil {
		offline(&state, a, last)
		return state
	}
	s := a.Session
	state.SessionID = new(s.ID.String())
	state.Reason, state.ReasonID, state.ReasonListID = reason(a.Reason())
	state.Direction = api.Direction(s.Direction)
	state.StateSince = moment(s.StateSince)
	state.DirectionSince = moment(s.DirectionSince)
	state.Connection = api.Connection(s.Connection)
	state.Pending = pending(s.Pending)
	state.Cause = api.Cause(s.Cause)
	state.CauseCode = string(s.CauseCode)
	return state
}

func offline(state *api.PresenceState, a presence.Agent, last presence.Event) {
	if last.Change != nil {
		state.SessionID = new(last.Session.String())
	}
	if a.Ended == nil {
		return
	}
	state.Cause = api.Cause(a.Ended.Cause)
	state.EndCode = api.EndCode(a.Ended.Code)
	state.StateSince = moment(a.Ended.At)
}

// Session is an agent's live session, or ok false without one.
func Session(key presence.Key, a presence.Agent, last presence.Event, timestamp presence.Instant) (session api.Session, ok bool) {
	if a.Session == nil {
		return api.Session{}, false
	}
	state := State(key.Agent, a, last, timestamp)
	return api.Session{
		TenantID:         key.Tenant.String(),
		StartedAt:        api.Time(a.Session.StartedAt),
		SilentMonitoring: a.Session.Silent,
		Metadata:         metadata(a.Session.Metadata),

		AvailableStates: state.AvailableStates,
		Cause:           state.Cause,
		CauseCode:       state.CauseCode,
		Connection:      state.Connection,
		Direction:       state.Direction,
		DirectionSince:  state.DirectionSince,
		EndCode:         state.EndCode,
		Offerable:       state.Offerable,
		Pending:         state.Pending,
		Reason:          state.Reason,
		ReasonID:        state.ReasonID,
		ReasonListID:    state.ReasonListID,
		ResourceID:      state.ResourceID,
		SessionID:       state.SessionID,
		State:           state.State,
		StateSince:      state.StateSince,
		SupervisorID:    state.SupervisorID,
		SupervisorName:  state.SupervisorName,
		Timestamp:       state.Timestamp,
	}, true
}

// Work is an open interaction.
func Work(w presence.Work) api.Work {
	return api.Work{
		InteractionID: w.Interaction.String(),
		Channel:       w.Channel,
		Direction:     api.Direction(w.Direction),
		State:         api.WorkState(w.State),
		Since:         api.Time(w.Since),
	}
}

// WorkList is the open work of a session; never nil.
func WorkList(work []presence.Work) []api.Work {
	list := make([]api.Work, len(work))
	for i, w := range work {
		list[i] = Work(w)
	}
	return list
}

func pending(p *presence.Pending) *api.Pending {
	if p == nil {
		return nil
	}
	return &api.Pending{
		State:  api.State(presence.Offline),
		Since:  api.Time(p.Since),
		ByID:   p.By.ID.String(),
		ByName: p.By.Name,
	}
}

func reason(r presence.Reason) (name, id, list *string) {
	if r.IsZero() {
		return nil, nil, nil
	}
	return new(r.Name), new(r.ID.String()), new(r.List.String())
}

func states(all []presence.State) []api.State {
	list := make([]api.State, len(all))
	for i, s := range all {
		list[i] = api.State(s)
	}
	return list
}

func moment(at presence.Instant) *api.Time { return new(api.Time(at)) }

func metadata(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("null")
	}
	return raw
}
