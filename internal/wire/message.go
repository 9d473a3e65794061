package wire

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Message is what an agent's own view shows of a record: one of api's messages.
// Ok is false for what it does not show; see [presence.Event.ShownToAgent].
func Message(r store.Record) (message any, ok bool) {
	e := r.Event
	switch change := e.Change.(type) {
	case presence.DirectionSet:
		return directionChange(r), true
	case presence.WorkReported:
		return workChange(r, change.Work, api.WorkChangeState(change.Work.State), change.Work.Since), true
	case presence.WorkEnded:
		return workChange(r, change.Work, api.WorkChangeStateEnded, e.At), true
	case presence.MonitoringStarted:
		return notification(r, api.NotificationTypeSilentMonitorStart, change.Interaction), true
	case presence.MonitoringEnded:
		return notification(r, api.NotificationTypeSilentMonitorEnd, change.Interaction), true
	case presence.ConnectionChanged, presence.LeaseTaken:
		return nil, false
	}
	return stateChange(r), true
}

func stateChange(r store.Record) api.StateChangeMessage {
	s := State(r.Key.Agent, r.After, r.Event, r.Event.At)
	return api.StateChangeMessage{
		Type:     api.MessageTypeStateChange,
		TenantID: r.Key.Tenant.String(),

		AvailableStates: s.AvailableStates,
		Cause:           s.Cause,
		CauseCode:       s.CauseCode,
		Connection:      s.Connection,
		Direction:       s.Direction,
		DirectionSince:  s.DirectionSince,
		EndCode:         s.EndCode,
		Offerable:       s.Offerable,
		Pending:         s.Pending,
		Reason:          s.Reason,
		ReasonID:        s.ReasonID,
		ReasonListID:    s.ReasonListID,
		ResourceID:      s.ResourceID,
		SessionID:       s.SessionID,
		State:           s.State,
		StateSince:      s.StateSince,
		SupervisorID:    s.SupervisorID,
		SupervisorName:  s.SupervisorName,
		Timestamp:       s.Timestamp,
	}
}

func directionChange(r store.Record) api.DirectionChangeMessage {
	s := State(r.Key.Agent, r.After, r.Event, r.Event.At)
	return api.DirectionChangeMessage{
		Type:            api.MessageTypeDirectionChange,
		TenantID:        r.Key.Tenant.String(),
		ResourceID:      s.ResourceID,
		SessionID:       r.Event.Session.String(),
		State:           s.State,
		AvailableStates: s.AvailableStates,
		Direction:       s.Direction,
		SupervisorID:    s.SupervisorID,
		SupervisorName:  s.SupervisorName,
		Timestamp:       s.Timestamp,
	}
}

func workChange(r store.Record, work presence.Work, state api.WorkChangeState, since presence.Instant) api.WorkChangeMessage {
	return api.WorkChangeMessage{
		Type:          api.MessageTypeWorkChange,
		TenantID:      r.Key.Tenant.String(),
		ResourceID:    r.Key.Agent.String(),
		SessionID:     r.Event.Session.String(),
		InteractionID: work.Interaction.String(),
		Channel:       work.Channel,
		Direction:     api.Direction(work.Direction),
		State:         state,
		Since:         api.Time(since),
		Timestamp:     api.Time(r.Event.At),
	}
}

func notification(r store.Record, what api.NotificationType, interaction presence.InteractionID) api.AgentNotificationMessage {
	return api.AgentNotificationMessage{
		Type:             api.MessageTypeAgentNotification,
		NotificationType: what,
		InteractionID:    interaction.String(),
		ResourceID:       r.Key.Agent.String(),
		SessionID:        r.Event.Session.String(),
		Timestamp:        api.Time(r.Event.At),
	}
}

// FloorRowChange is a row of the floor that has changed.
func FloorRowChange(tenant presence.TenantID, row store.FloorRow) api.FloorRowChangeMessage {
	return api.FloorRowChangeMessage{Type: api.MessageTypeFloorRowChange, TenantID: tenant.String(), Row: FloorRow(row)}
}

// SelfRow is all that an agent's own view shows of it. Last is the event that
// ended the session of an agent who is offline, and needed for no other.
func SelfRow(key presence.Key, a presence.Agent, last presence.Event, timestamp presence.Instant) api.SelfRow {
	s := State(key.Agent, a, last, timestamp)
	row := api.SelfRow{
		TenantID: key.Tenant.String(),
		Work:     []api.Work{},

		AvailableStates: s.AvailableStates,
		Cause:           s.Cause,
		CauseCode:       s.CauseCode,
		Connection:      s.Connection,
		Direction:       s.Direction,
		DirectionSince:  s.DirectionSince,
		EndCode:         s.EndCode,
		Offerable:       s.Offerable,
		Pending:         s.Pending,
		Reason:          s.Reason,
		ReasonID:        s.ReasonID,
		ReasonListID:    s.ReasonListID,
		ResourceID:      s.ResourceID,
		SessionID:       s.SessionID,
		State:           s.State,
		StateSince:      s.StateSince,
		SupervisorID:    s.SupervisorID,
		SupervisorName:  s.SupervisorName,
		Timestamp:       s.Timestamp,
	}
	if a.Session != nil {
		row.SilentMonitoring = a.Session.Silent
		row.Work = WorkList(a.Session.Work)
		if !a.Session.Monitoring.IsZero() {
			row.MonitoredInteractionID = new(a.Session.Monitoring.String())
		}
	}
	return row
}
