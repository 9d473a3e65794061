package presence

import "time"

// Limits are the silences, counted from when an agent's client was last heard,
// at which the next step of decay is due. They rise in the order given here.
type Limits struct {
	// Silent: no longer offerable.
	Silent time.Duration
	// NotReady: held not ready by the system.
	NotReady time.Duration
	// End: the session ends.
	End time.Duration
}

// NextDeadline returns the silence at which the next step of decay is due for
// the agent, and false for an agent without a session.
func NextDeadline(a Agent, limits Limits) (silence time.Duration, ok bool) {
	switch s := a.Session; {
	case s == nil:
		return 0, false
	case s.Connection == Live:
		return limits.Silent, true
	case s.Held == nil:
		return limits.NotReady, true
	}
	return limits.End, true
}
