package presence

// WorkState is how far an agent is with an interaction.
type WorkState string

// The work states.
const (
	WorkOffered WorkState = "offered"
	WorkActive  WorkState = "active"
	WorkWrapUp  WorkState = "wrapup"
)

// WorkStates lists all work states.
func WorkStates() []WorkState { return []WorkState{WorkOffered, WorkActive, WorkWrapUp} }

// Work is an interaction that an agent has.
type Work struct {
	Interaction InteractionID `json:"interaction"`
	// Channel is a word of the reporter's: voice, chat, e-mail.
	Channel   string    `json:"channel"`
	Direction Direction `json:"direction"`
	State     WorkState `json:"state"`
	// Since is when the work came into its state.
	Since Instant `json:"since"`
}

// MaxOpenWork bounds the open interactions of one agent: far above what people
// can do, low enough that a reporter that never ends any does no harm.
const MaxOpenWork = 64
