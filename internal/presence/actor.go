package presence

// Cause says in which part somebody causes a change.
type Cause string

// The causes.
const (
	// ByAgent: the agent itself.
	ByAgent Cause = "agent"
	// BySupervisor: somebody who may change other agents.
	BySupervisor Cause = "supervisor"
	// BySystem: a rule of Muster's, or a program that reports work.
	BySystem Cause = "system"
)

// CauseCode names more exactly what changed a visible state; empty for a plain
// request.
type CauseCode string

// The cause codes.
const (
	CauseLoggedIn           CauseCode = "logged_in"
	CauseConnectionLost     CauseCode = "connection_lost"
	CauseConnectionRestored CauseCode = "connection_restored"
)

// Actor is who causes a change. ID and Name are empty where a rule acts.
type Actor struct {
	Cause Cause   `json:"cause"`
	ID    AgentID `json:"id,omitzero"`
	Name  string  `json:"name,omitempty"`
}

// System is the actor of Muster's own rules.
func System() Actor { return Actor{Cause: BySystem} }
