package streamtest

import (
	"encoding/json"
	"fmt"
	"hash/crc32"

	"github.com/muster-presence/muster/api"
)

// rows are what a client holds of its view.
type rows interface {
	// replace makes a snapshot's rows all there are.
	replace(rows []json.RawMessage) error
	// apply changes them as an event's message says; a message of a type that it
	// does not know is passed over.
	apply(message json.RawMessage) error
	// sum is what a beat tells of them.
	sum() uint32
}

func newRows(view View) rows {
	if view.Floor {
		return make(floorRows)
	}
	return new(selfRow)
}

// floorRows are a floor's rows by resourceId.
type floorRows map[string]api.FloorRow

func (r floorRows) replace(rows []json.RawMessage) error {
	clear(r)
	for _, text := range rows {
		var row api.FloorRow
		if err := json.Unmarshal(text, &row); err != nil {
			return fmt.Errorf("row %s: %w", text, err)
		}
		if _, twice := r[row.ResourceID]; twice {
			return fmt.Errorf("there are two rows of %s", row.ResourceID)
		}
		r[row.ResourceID] = row
	}
	return nil
}

func (r floorRows) apply(text json.RawMessage) error {
	var message api.FloorRowChangeMessage
	if err := json.Unmarshal(text, &message); err != nil {
		return err
	}
	if message.Type == api.MessageTypeFloorRowChange {
		r[message.Row.ResourceID] = message.Row
	}
	return nil
}

func (r floorRows) sum() uint32 {
	var sum uint32
	for id, row := range r {
		sum += crc32.ChecksumIEEE(fmt.Appendf(nil, "%s:%d", id, row.Version))
	}
	return sum
}

// selfRow is an agent's own row.
type selfRow struct {
	api.SelfRow
	// begun: a session has begun since the snapshot. Messages do not tell which
	// work it took over, and whether it serves silent monitoring.
	begun bool
}

func (r *selfRow) replace(rows []json.RawMessage) error {
	if len(rows) != 1 {
		return fmt.Errorf("an agent's own view has one row, not %d", len(rows))
	}
	var row api.SelfRow
	if err := json.Unmarshal(rows[0], &row); err != nil {
		return fmt.Errorf("row %s: %w", rows[0], err)
	}
	*r = selfRow{SelfRow: row}
	return nil
}

func (r *selfRow) sum() uint32 { return 0 }

func (r *selfRow) apply(text json.RawMessage) error {
	var message struct{ Type api.MessageType }
	if err := json.Unmarshal(text, &message); err != nil {
		return err
	}
	switch message.Type {
	case api.MessageTypeStateChange:
		return take(text, r.takeState)
	case api.MessageTypeDirectionChange:
		return take(text, r.takeDirection)
	case api.MessageTypeWorkChange:
		return take(text, r.takeWork)
	case api.MessageTypeAgentNotification:
		return take(text, r.takeNotification)
	}
	return nil
}

// take reads a message and applies it.
func take[M any](text json.RawMessage, apply func(M)) error {
	var message M
	if err := json.Unmarshal(text, &message); err != nil {
		return err
	}
	apply(message)
	return nil
}

func (r *selfRow) takeState(m api.StateChangeMessage) {
	if m.State == api.StateOffline {
		r.end()
	} else if r.SessionID == nil || *r.SessionID != *m.SessionID {
		r.end()
		r.begun = true
	}
	r.AvailableStates, r.Cause, r.CauseCode, r.Connection = m.AvailableStates, m.Cause, m.CauseCode, m.Connection
	r.Direction, r.DirectionSince, r.EndCode, r.Offerable = m.Direction, m.DirectionSince, m.EndCode, m.Offerable
	r.Pending, r.Reason, r.ReasonID, r.ReasonListID = m.Pending, m.Reason, m.ReasonID, m.ReasonListID
	r.ResourceID, r.SessionID, r.State, r.StateSince = m.ResourceID, m.SessionID, m.State, m.StateSince
	r.SupervisorID, r.SupervisorName, r.Timestamp = m.SupervisorID, m.SupervisorName, m.Timestamp
}

// end forgets what belonged to the session.
func (r *selfRow) end() {
	r.Work, r.MonitoredInteractionID, r.SilentMonitoring, r.begun = []api.Work{}, nil, false, false
}

func (r *selfRow) takeDirection(m api.DirectionChangeMessage) {
	if r.Direction != m.Direction { // otherwise only the answer is new
		r.DirectionSince = &m.Timestamp
	}
	r.Direction, r.State, r.AvailableStates = m.Direction, m.State, m.AvailableStates
}

func (r *selfRow) takeWork(m api.WorkChangeMessage) {
	work := make([]api.Work, 0, len(r.Work)+1)
	changed := api.Work{
		InteractionID: m.InteractionID, Channel: m.Channel, Direction: m.Direction,
		State: api.WorkState(m.State), Since: m.Since,
	}
	ended, found := m.State == api.WorkChangeStateEnded, false
	for _, w := range r.Work {
		if w.InteractionID != m.InteractionID {
			work = append(work, w)
			continue
		}
		if found = true; !ended {
			work = append(work, changed)
		}
	}
	if !ended && !found {
		work = append(work, changed)
	}
	r.Work = work
}

func (r *selfRow) takeNotification(m api.AgentNotificationMessage) {
	switch m.NotificationType {
	case api.NotificationTypeSilentMonitorStart:
		r.MonitoredInteractionID = &m.InteractionID
	case api.NotificationTypeSilentMonitorEnd:
		r.MonitoredInteractionID = nil
	}
}
