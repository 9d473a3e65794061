package presence

import "errors"

// RefusalCode says why a command was refused.
type RefusalCode string

// The refusal codes.
const (
	// RefusedNoSession: the agent has no live session.
	RefusedNoSession RefusalCode = "no_session"
	// RefusedSessionEnded: the session that the command names is not live, and
	// no newer one is.
	RefusedSessionEnded RefusalCode = "session_ended"
	// RefusedSessionSuperseded: a newer session of the agent is live.
	RefusedSessionSuperseded RefusalCode = "session_superseded"
	// RefusedNoExtension: ready needs an active extension.
	RefusedNoExtension RefusalCode = "no_extension"
	// RefusedWorkOpen: a log-out while work is open, where the tenant refuses it.
	RefusedWorkOpen RefusalCode = "work_open"
	// RefusedTooMuchWork: more than [MaxOpenWork] open interactions.
	RefusedTooMuchWork RefusalCode = "too_much_work"
	// RefusedUndecided: a pair of situation and command without a rule. It never
	// comes, as a test of the table shows.
	RefusedUndecided RefusalCode = "undecided"
)

// Refusal is the error of [Decide]: the command changes nothing.
type Refusal struct {
	Code RefusalCode
	// Work is the open work, with [RefusedWorkOpen].
	Work []Work
}

func (r *Refusal) Error() string { return "refused: " + string(r.Code) }

func refuse(code RefusalCode) error { return &Refusal{Code: code} }

// RefusalOf returns the code of a refusal, or "" if err is none.
func RefusalOf(err error) RefusalCode {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}
