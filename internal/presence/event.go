package presence

import "encoding/json"

// Event is something that happened to one agent. Events of an agent are numbered
// without gaps by Version and never lie before their predecessor.
//
// Others may see an event exactly if the agent's RowVersion after it equals the
// event's Version: repetitions, silent sessions, monitoring and what a hold hides
// stay between the server and the agent.
type Event struct {
	Version uint64
	At      Instant
	Session SessionID
	By      Actor
	Change  Change
}

// Change is what an event changed: one of the types in this file.
type Change interface{ Kind() Kind }

// Kind names a type of change, in the log too; the names are frozen.
type Kind string

// The kinds of change.
const (
	KindSessionStarted    Kind = "session_started"
	KindStateSet          Kind = "state_set"
	KindLogoutDeferred    Kind = "logout_deferred"
	KindDirectionSet      Kind = "direction_set"
	KindWorkReported      Kind = "work_reported"
	KindWorkEnded         Kind = "work_ended"
	KindConnectionChanged Kind = "connection_changed"
	KindHeld              Kind = "held"
	KindReleased          Kind = "released"
	KindLeaseTaken        Kind = "lease_taken"
	KindMonitoringStarted Kind = "monitoring_started"
	KindMonitoringEnded   Kind = "monitoring_ended"
	KindSessionEnded      Kind = "session_ended"
)

// SessionStarted begins a session: not ready with [LoggedIn], inbound, heard.
type SessionStarted struct {
	Silent    bool            `json:"silent,omitempty"`
	Metadata  json.RawMessage `json:"metadata,omitempty"`
	WorkLimit int             `json:"workLimit"`
	Tick      uint64          `json:"tick"`
	Fence     uint64          `json:"fence"`
	// Work is taken over from the session that this one supersedes: a call goes
	// on while the browser reloads.
	Work []Work `json:"work,omitempty"`
}

// StateSet replaces the intent and whatever was pending.
type StateSet struct {
	Intent
	// Repeated: the intent was the same before, so only the answer is new.
	Repeated bool `json:"repeated,omitempty"`
}

// LogoutDeferred makes a log-out wait until open work has ended.
type LogoutDeferred struct {
	Repeated bool `json:"repeated,omitempty"`
}

// DirectionSet replaces the direction.
type DirectionSet struct {
	Direction Direction `json:"direction"`
	Repeated  bool      `json:"repeated,omitempty"`
}

// WorkReported adds an interaction or replaces what was known of it.
type WorkReported struct {
	Work Work `json:"work"`
}

// WorkEnded removes an interaction.
type WorkEnded struct {
	Work Work `json:"work"`
}

// ConnectionChanged says that the agent's client is heard again or no longer.
type ConnectionChanged struct {
	Connection Connection `json:"connection"`
	// HeardAt is when the client was last heard before, and Socket where.
	HeardAt Instant        `json:"heardAt,omitempty"`
	Socket  SocketEvidence `json:"socket,omitzero"`
}

// Held lets the system hold the agent not ready. The intent stays remembered.
type Held struct {
	Reason Reason `json:"reason"`
	// HeardAt and Socket are as in [ConnectionChanged].
	HeardAt Instant        `json:"heardAt,omitempty"`
	Socket  SocketEvidence `json:"socket,omitzero"`
}

// Released ends what the system enforced: the intent is visible again.
type Released struct{}

// LeaseTaken makes another server process responsible for a live session. Until
// the agent is heard, nobody vouches for it.
type LeaseTaken struct {
	Fence uint64 `json:"fence"`
	// HeardAt is when the agent was last known to be there.
	HeardAt Instant `json:"heardAt,omitempty"`
}

// MonitoringStarted lets the session monitor an interaction silently.
type MonitoringStarted struct {
	Interaction InteractionID `json:"interaction"`
}

// MonitoringEnded ends the silent monitoring of an interaction.
type MonitoringEnded struct {
	Interaction InteractionID `json:"interaction"`
}

// SessionEnded ends the session, its work and its monitoring.
type SessionEnded struct {
	Code EndCode `json:"code"`
	// HeardAt and Socket are set where silence ended the session; see
	// [ConnectionChanged].
	HeardAt Instant        `json:"heardAt,omitempty"`
	Socket  SocketEvidence `json:"socket,omitzero"`
	// BySilent: a silent session superseded one that others saw. To them it is
	// a log-out; see [Event.SeenByOthers].
	BySilent bool `json:"bySilent,omitempty"`
}

// Kind returns [KindSessionStarted].
func (SessionStarted) Kind() Kind { return KindSessionStarted }

// Kind returns [KindStateSet].
func (StateSet) Kind() Kind { return KindStateSet }

// Kind returns [KindLogoutDeferred].
func (LogoutDeferred) Kind() Kind { return KindLogoutDeferred }

// Kind returns [KindDirectionSet].
func (DirectionSet) Kind() Kind { return KindDirectionSet }

// Kind returns [KindWorkReported].
func (WorkReported) Kind() Kind { return KindWorkReported }

// Kind returns [KindWorkEnded].
func (WorkEnded) Kind() Kind { return KindWorkEnded }

// Kind returns [KindConnectionChanged].
func (ConnectionChanged) Kind() Kind { return KindConnectionChanged }

// Kind returns [KindHeld].
func (Held) Kind() Kind { return KindHeld }

// Kind returns [KindReleased].
func (Released) Kind() Kind { return KindReleased }

// Kind returns [KindLeaseTaken].
func (LeaseTaken) Kind() Kind { return KindLeaseTaken }

// Kind returns [KindMonitoringStarted].
func (MonitoringStarted) Kind() Kind { return KindMonitoringStarted }

// Kind returns [KindMonitoringEnded].
func (MonitoringEnded) Kind() Kind { return KindMonitoringEnded }

// Kind returns [KindSessionEnded].
func (SessionEnded) Kind() Kind { return KindSessionEnded }

// ShownToAgent reports whether the agent's own view shows the event. How sure the
// server is of the agent's client stands beside the state: others see it, the
// agent itself is there or it is not.
func (e Event) ShownToAgent() bool {
	switch e.Change.(type) {
	case ConnectionChanged, LeaseTaken:
		return false
	}
	return true
}
