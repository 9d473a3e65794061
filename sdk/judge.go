package sdk

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/muster-presence/muster/api"
)

// judge decides what the messages and snapshots of the own view mean for one session. It knows what was published last, does no
// input or output, and reads no clock.
type judge struct {
	user, session string

	shown     *StateChange // nil before the first, which is always published
	kept      *StateChange // that an answer told and the stream has not; nil for none
	direction api.Direction
	work      map[string]api.Work
	monitored string
}

func newJudge(user string, began api.PresenceState) judge {
	j := judge{user: user, session: *began.SessionID, direction: began.Direction, work: make(map[string]api.Work)}
	j.keep(began)
	return j
}

// finding is something that a message means.
type finding struct {
	// topic, with response or err, is to be published; "" for nothing.
	topic    Topic
	response any
	err      *Error
	// end is the end of the own session.
	end *Ended
	// gone is the status of what ended the session without anybody's doing, 404 or 409; 0 for none.
	gone int
	// doubt asks for a heartbeat: the server may not know the session.
	doubt bool
}

// message judges what happened.
func (j *judge) message(text json.RawMessage) []finding {
	var head struct {
		Type             api.MessageType      `json:"type"`
		ResourceID       string               `json:"resourceId"`
		SessionID        string               `json:"sessionId"`
		NotificationType api.NotificationType `json:"notificationType"`
	}
	if err := json.Unmarshal(text, &head); err != nil || !known(head.Type, head.NotificationType) {
		return []finding{unknownMessage(text)}
	}
	if head.ResourceID != j.user {
		return nil
	}
	switch {
	case head.SessionID == j.session:
		return j.own(head.Type, text)
	case isOlderSession(head.SessionID, j.session):
		return nil
	}
	return []finding{{gone: 409}}
}

func known(t api.MessageType, n api.NotificationType) bool {
	return t.Valid() && (t != api.MessageTypeAgentNotification || n.Valid())
}

func unknownMessage(text []byte) finding {
	received := json.RawMessage(text)
	if !json.Valid(text) {
		received, _ = json.Marshal(string(text)) // a string can always be written
	}
	return finding{topic: TopicUnknownMessage, err: newError(CodeMessageUnknown, ErrorData{NotificationReceived: received})}
}

// own judges a message of the own session.
func (j *judge) own(kind api.MessageType, text json.RawMessage) []finding {
	switch kind {
	case api.MessageTypeStateChange:
		return read(text, j.stateChanged)
	case api.MessageTypeDirectionChange:
		return read(text, j.directionChanged)
	case api.MessageTypeWorkChange:
		return read(text, j.workChanged)
	case api.MessageTypeAgentNotification:
		return read(text, j.notified)
	}
	return nil
}

// read hands a message on to whom it concerns, and reports one that is not what its type says.
func read[M any](text json.RawMessage, take func(M) []finding) []finding {
	var message M
	if err := json.Unmarshal(text, &message); err != nil {
		return []finding{unknownMessage(text)}
	}
	return take(message)
}

func (j *judge) stateChanged(m api.StateChangeMessage) []finding {
	if m.State == api.StateOffline {
		return []finding{ending(m.EndCode, m.SupervisorID, m.SupervisorName)}
	}
	return []finding{j.show(StateChange{
		State: m.State, AvailableStates: m.AvailableStates, Direction: m.Direction,
		Reason: m.Reason, ReasonID: m.ReasonID, ReasonListID: m.ReasonListID,
		SupervisorID: m.SupervisorID, SupervisorName: m.SupervisorName,
		StateSince: m.StateSince, Pending: m.Pending, Cause: m.Cause,
	})}
}

// ending tells an end that somebody wanted from one that happened to the session.
func ending(code api.EndCode, supervisorID, supervisorName string) finding {
	switch code {
	case api.EndCodeSuperseded:
		return finding{gone: 409}
	case api.EndCodeLeaseExpired:
		return finding{gone: 404}
	}
	return finding{end: &Ended{State: api.StateOffline, SupervisorID: supervisorID, SupervisorName: supervisorName, EndCode: code}}
}

func (j *judge) show(change StateChange) finding {
	j.shown, j.direction = &change, change.Direction
	if j.kept != nil && !before(change.StateSince, j.kept.StateSince) {
		j.kept = nil // else it waited for the answer, and is older than that
	}
	return finding{topic: TopicState, response: change}
}

// before tells whether one time is known to come before another.
func before(one, other *api.Time) bool {
	return one != nil && other != nil && *one < *other
}

func (j *judge) directionChanged(m api.DirectionChangeMessage) []finding {
	return []finding{j.turn(DirectionChange{
		State: m.State, AvailableStates: m.AvailableStates, Direction: m.Direction,
		SupervisorID: m.SupervisorID, SupervisorName: m.SupervisorName,
	})}
}

func (j *judge) turn(change DirectionChange) finding {
	j.direction = change.Direction
	for _, known := range []*StateChange{j.shown, j.kept} {
		if known != nil {
			known.Direction, known.AvailableStates = change.Direction, change.AvailableStates
		}
	}
	return finding{topic: TopicDirection, response: change}
}

func (j *judge) workChanged(m api.WorkChangeMessage) []finding {
	if m.State == api.WorkChangeStateEnded {
		delete(j.work, m.InteractionID)
	} else {
		j.work[m.InteractionID] = api.Work{
			InteractionID: m.InteractionID, Channel: m.Channel, Direction: m.Direction, State: api.WorkState(m.State), Since: m.Since,
		}
	}
	return []finding{{topic: TopicWork, response: m}}
}

func (j *judge) notified(m api.AgentNotificationMessage) []finding {
	if m.NotificationType == api.NotificationTypeSilentMonitorEnd {
		j.monitored = ""
		return []finding{{topic: TopicMonitoringEnded, response: m}}
	}
	j.monitored = m.InteractionID
	return []finding{{topic: TopicMonitoringStarted, response: m}}
}

// snapshot judges what is: it finds what differs from what was published last.
func (j *judge) snapshot(row api.SelfRow) (findings []finding) {
	switch {
	case row.SessionID == nil || isOlderSession(*row.SessionID, j.session):
		return []finding{{doubt: true}}
	case *row.SessionID != j.session:
		return []finding{{gone: 409}}
	case row.State == api.StateOffline:
		return []finding{ending(row.EndCode, row.SupervisorID, row.SupervisorName)}
	}
	findings = append(findings, j.stateIn(row)...)
	findings = append(findings, j.workIn(row)...)
	return append(findings, j.monitoringIn(row)...)
}

func (j *judge) stateIn(row api.SelfRow) []finding {
	return j.compare(StateChange{
		State: row.State, AvailableStates: row.AvailableStates, Direction: row.Direction,
		Reason: row.Reason, ReasonID: row.ReasonID, ReasonListID: row.ReasonListID,
		SupervisorID: row.SupervisorID, SupervisorName: row.SupervisorName,
		StateSince: row.StateSince, Pending: row.Pending, Cause: row.Cause,
	}, "")
}

// differ compares states but for their direction, which has a topic of its own, and for who acted: a snapshot names who acted
// last, on whatever.
func differ(a, b StateChange) bool {
	b.Direction, b.AvailableStates = a.Direction, a.AvailableStates
	b.SupervisorID, b.SupervisorName, b.Cause = a.SupervisorID, a.SupervisorName, a.Cause
	return !reflect.DeepEqual(a, b)
}

// workIn finds work that is new, has changed, or is over, in the order of its ids.
func (j *judge) workIn(row api.SelfRow) (findings []finding) {
	now := make(map[string]api.Work, len(row.Work))
	for _, w := range row.Work {
		now[w.InteractionID] = w
	}
	change := func(w api.Work, state api.WorkChangeState, since api.Time) {
		findings = append(findings, finding{topic: TopicWork, response: api.WorkChangeMessage{
			Type: api.MessageTypeWorkChange, TenantID: row.TenantID, ResourceID: row.ResourceID, SessionID: j.session,
			InteractionID: w.InteractionID, Channel: w.Channel, Direction: w.Direction, State: state, Since: since, Timestamp: row.Timestamp,
		}})
	}
	for _, id := range slices.Sorted(maps.Keys(j.work)) {
		if _, still := now[id]; !still {
			change(j.work[id], api.WorkChangeStateEnded, row.Timestamp)
		}
	}
	for _, w := range row.Work {
		if before, had := j.work[w.InteractionID]; !had || before != w {
			change(w, api.WorkChangeState(w.State), w.Since)
		}
	}
	j.work = now
	return findings
}

func (j *judge) monitoringIn(row api.SelfRow) []finding {
	now := ""
	if row.MonitoredInteractionID != nil {
		now = *row.MonitoredInteractionID
	}
	before := j.monitored
	if now == before {
		return nil
	}
	notice := api.AgentNotificationMessage{
		Type: api.MessageTypeAgentNotification, NotificationType: api.NotificationTypeSilentMonitorStart,
		InteractionID: now, ResourceID: row.ResourceID, SessionID: j.session, Timestamp: row.Timestamp,
	}
	if now == "" {
		notice.NotificationType, notice.InteractionID = api.NotificationTypeSilentMonitorEnd, before
	}
	return j.notified(notice)
}

// open is the work that the agent has, oldest first.
func (j *judge) open() []api.Work {
	return slices.SortedFunc(maps.Values(j.work), func(a, b api.Work) int { return int(a.Since - b.Since) })
}
