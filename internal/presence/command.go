package presence

import (
	"encoding/json"
	"time"
)

// Command asks for a change of one agent: one of the types in this file.
type Command interface{ Name() CommandName }

// CommandName names a row of the transition table.
type CommandName string

// The commands. A request for a state is a command of its own for each state,
// since each has its own rules.
const (
	CommandStartSession    CommandName = "start session"
	CommandGoReady         CommandName = "go ready"
	CommandGoNotReady      CommandName = "go not ready"
	CommandGoOffline       CommandName = "go offline"
	CommandSetDirection    CommandName = "set direction"
	CommandReportWork      CommandName = "report work"
	CommandEndWork         CommandName = "end work"
	CommandHear            CommandName = "hear"
	CommandElapse          CommandName = "elapse"
	CommandDisconnect      CommandName = "disconnect"
	CommandTakeLease       CommandName = "take lease"
	CommandStartMonitoring CommandName = "start monitoring"
	CommandEndMonitoring   CommandName = "end monitoring"
	CommandRevoke          CommandName = "revoke"
)

// StartSession begins a session; a live one of the same agent is superseded.
type StartSession struct {
	By       Actor
	Silent   bool
	Metadata json.RawMessage
	// WorkLimit is how many open interactions make the agent busy; below 1
	// counts as 1.
	WorkLimit int
	// Random becomes the random part of the session's id.
	Random [8]byte
}

// GoReady asks for ready.
type GoReady struct {
	By      Actor
	Session SessionID // zero: whichever is live
	// HasExtension: the agent has an active extension, without which nobody can
	// be reached.
	HasExtension bool
}

// GoNotReady asks for not ready. It takes effect at once, on a call too.
type GoNotReady struct {
	By      Actor
	Session SessionID // zero: whichever is live
	Reason  Reason    // zero: none
}

// GoOffline asks for the end of the session.
type GoOffline struct {
	By      Actor
	Session SessionID // zero: whichever is live
	// Force ends the session though work is open.
	Force bool
	// Wait makes a log-out with open work pending instead of refusing it.
	Wait bool
}

// SetDirection asks for a direction.
type SetDirection struct {
	By        Actor
	Session   SessionID // zero: whichever is live
	Direction Direction
}

// ReportWork tells of an interaction that the agent has. Since is set by
// [Decide].
type ReportWork struct {
	By   Actor
	Work Work
}

// EndWork tells that the agent no longer has an interaction.
type EndWork struct {
	By          Actor
	Interaction InteractionID
}

// Hear tells that the agent's client was heard.
type Hear struct {
	Session SessionID // zero: whichever is live
}

// Elapse tells for how long the agent's client has been silent.
type Elapse struct {
	// Fence is the number under which the silence was measured.
	Fence   uint64
	Silence time.Duration
	HeardAt Instant
	// Socket is where the client was heard last.
	Socket SocketEvidence
	Limits Limits
}

// Disconnect tells that the last socket of the agent's client is closed, and that
// the client was not heard since.
type Disconnect struct {
	// Fence is the number under which that was seen.
	Fence   uint64
	HeardAt Instant
	Socket  SocketEvidence
}

// TakeLease makes the caller responsible for hearing the agent of a live
// session, after a server's start.
type TakeLease struct {
	// HeardAt is when the agent was last known to be there.
	HeardAt Instant
}

// StartMonitoring lets the agent's session monitor an interaction silently.
type StartMonitoring struct {
	By          Actor
	Session     SessionID // zero: whichever is live
	Interaction InteractionID
}

// EndMonitoring ends silent monitoring of an interaction.
type EndMonitoring struct {
	By          Actor
	Interaction InteractionID
}

// Revoke ends the session because the user may no longer hold one.
type Revoke struct {
	By Actor
}

// Name returns [CommandStartSession].
func (StartSession) Name() CommandName { return CommandStartSession }

// Name returns [CommandGoReady].
func (GoReady) Name() CommandName { return CommandGoReady }

// Name returns [CommandGoNotReady].
func (GoNotReady) Name() CommandName { return CommandGoNotReady }

// Name returns [CommandGoOffline].
func (GoOffline) Name() CommandName { return CommandGoOffline }

// Name returns [CommandSetDirection].
func (SetDirection) Name() CommandName { return CommandSetDirection }

// Name returns [CommandReportWork].
func (ReportWork) Name() CommandName { return CommandReportWork }

// Name returns [CommandEndWork].
func (EndWork) Name() CommandName { return CommandEndWork }

// Name returns [CommandHear].
func (Hear) Name() CommandName { return CommandHear }

// Name returns [CommandElapse].
func (Elapse) Name() CommandName { return CommandElapse }

// Name returns [CommandDisconnect].
func (Disconnect) Name() CommandName { return CommandDisconnect }

// Name returns [CommandTakeLease].
func (TakeLease) Name() CommandName { return CommandTakeLease }

// Name returns [CommandStartMonitoring].
func (StartMonitoring) Name() CommandName { return CommandStartMonitoring }

// Name returns [CommandEndMonitoring].
func (EndMonitoring) Name() CommandName { return CommandEndMonitoring }

// Name returns [CommandRevoke].
func (Revoke) Name() CommandName { return CommandRevoke }
