package presence

import "encoding/json"

// State is what an agent is, as everybody sees it.
type State string

// The states.
const (
	Ready    State = "ready"
	NotReady State = "notready"
	Offline  State = "offline"
)

// Direction says which work may reach a logged-in agent.
type Direction string

// The directions.
const (
	// Inbound agents get inbound work, transfers and call-backs. Every session
	// begins so.
	Inbound Direction = "inbound"
	// Outbound agents get only outbound work that is pushed to them.
	Outbound Direction = "outbound"
	// AgentInitiated agents get only what they start themselves.
	AgentInitiated Direction = "agent-initiated"
)

// Directions lists all directions.
func Directions() []Direction { return []Direction{Inbound, Outbound, AgentInitiated} }

// Connection is how sure the server is that the agent's client is there. It
// stands beside the state and never changes it by itself.
type Connection string

// The connections.
const (
	// Live: heard within the time that the tenant's settings ask for.
	Live Connection = "live"
	// Silent: not heard for longer, or not since the server started.
	Silent Connection = "silent"
	// Lost: known to be gone.
	Lost Connection = "lost"
)

// EndCode says how a session ended.
type EndCode string

// The end codes.
const (
	EndLoggedOut    EndCode = "logged_out"
	EndSupervisor   EndCode = "supervisor"
	EndSuperseded   EndCode = "superseded"
	EndLeaseExpired EndCode = "lease_expired"
	EndRevoked      EndCode = "revoked"
)

// Agent is all that is remembered of one agent in one tenant. Values are
// immutable: [Evolve] answers with a new one. The zero value is an agent who has
// never had a session.
type Agent struct {
	// Version counts the agent's events from 1.
	Version uint64 `json:"version,omitempty"`
	// RowVersion is the version of the last event that others may see; see
	// [Event].
	RowVersion uint64 `json:"rowVersion,omitempty"`
	// LastAt is the time of the last event.
	LastAt Instant `json:"lastAt,omitempty"`
	// LastTick is the time inside the newest session id; see [NewSessionID].
	LastTick uint64 `json:"lastTick,omitempty"`
	// Fence rises whenever somebody else becomes responsible for hearing the
	// agent: with a new session, and when a server takes a session over. What
	// was decided on an older number's evidence is void.
	Fence uint64 `json:"fence,omitempty"`
	// Session is the live session, nil when the agent is offline.
	Session *Session `json:"session,omitempty"`
	// Ended tells how the last session ended; nil while one is live, but for a
	// silent one: to others the agent remains as the session before left it.
	Ended *Ended `json:"ended,omitempty"`
}

// Ended is what remains of a session after its end.
type Ended struct {
	Session SessionID `json:"session"`
	Code    EndCode   `json:"code"`
	At      Instant   `json:"at"`
	Cause   Cause     `json:"cause"`
	Silent  bool      `json:"silent,omitempty"`
	// BySilent is as in [SessionEnded].
	BySilent bool `json:"bySilent,omitempty"`
	// Earlier is how the last session ended that others saw, where this one was
	// silent; nil if there was none.
	Earlier *Ended `json:"earlier,omitempty"`
}

// Session is an agent's live session. Values are never changed in place.
type Session struct {
	ID        SessionID `json:"id"`
	StartedAt Instant   `json:"startedAt"`
	// Silent sessions serve silent monitoring: to everybody but the owner the
	// agent is offline, and no figure counts them.
	Silent bool `json:"silent,omitempty"`
	// Metadata is a JSON value that the client gave at the start; nil without.
	Metadata json.RawMessage `json:"metadata,omitempty"`
	// WorkLimit is how many open interactions make the agent busy; at least 1.
	WorkLimit int `json:"workLimit"`

	// Intent is what was asked for last, by the agent or in the agent's place.
	Intent Intent `json:"intent"`
	// Held is set while the system holds the agent not ready.
	Held *Hold `json:"held,omitempty"`
	// StateSince is when the visible state or reason last changed.
	StateSince Instant `json:"stateSince"`
	// Cause and CauseCode tell who or what last changed the visible state.
	Cause     Cause     `json:"cause"`
	CauseCode CauseCode `json:"causeCode,omitempty"`

	Direction      Direction `json:"direction"`
	DirectionSince Instant   `json:"directionSince"`

	Connection Connection `json:"connection"`
	// UnvouchedSince is set while nobody can vouch for the agent since a
	// server's stop: the time it was last heard before. 0 otherwise.
	UnvouchedSince Instant `json:"unvouchedSince,omitempty"`

	// Pending is a log-out that waits for open work, or nil.
	Pending *Pending `json:"pending,omitempty"`
	// Work is the open work in the order it was first reported.
	Work []Work `json:"work,omitempty"`
	// Monitoring is the interaction this session monitors silently; zero: none.
	Monitoring InteractionID `json:"monitoring,omitzero"`
}

// Intent is a state that somebody asked for.
type Intent struct {
	State  State  `json:"state"` // Ready or NotReady
	Reason Reason `json:"reason,omitzero"`
}

// Hold is what the system enforces over the intent.
type Hold struct {
	Reason Reason  `json:"reason"`
	Since  Instant `json:"since"`
}

// Pending is a log-out that was accepted and waits for open work to end.
type Pending struct {
	By    Actor   `json:"by"`
	Since Instant `json:"since"`
}

// State is the visible state: a function of intent and enforcement.
func (a Agent) State() State {
	switch {
	case a.Session == nil:
		return Offline
	case a.Session.Held != nil:
		return NotReady
	}
	return a.Session.Intent.State
}

// Reason is the reason of the visible state; zero when there is none.
func (a Agent) Reason() Reason {
	switch {
	case a.Session == nil:
		return Reason{}
	case a.Session.Held != nil:
		return a.Session.Held.Reason
	}
	return a.Session.Intent.Reason
}

// Offerable reports whether new work may be offered to the agent now.
func (a Agent) Offerable() bool {
	s := a.Session
	return s != nil && a.State() == Ready && s.Connection == Live &&
		!s.Silent && s.Pending == nil && len(s.Work) < s.WorkLimit
}

// AvailableStates lists what the agent may ask for next.
func (a Agent) AvailableStates() []State {
	if a.Session == nil {
		return []State{}
	}
	return []State{Ready, NotReady, Offline}
}

// OpenWork returns the open interaction of that id.
func (s *Session) OpenWork(id InteractionID) (Work, bool) {
	for _, work := range s.Work {
		if work.Interaction == id {
			return work, true
		}
	}
	return Work{}, false
}
