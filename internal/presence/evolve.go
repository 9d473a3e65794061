package presence

import (
	"fmt"
	"slices"
)

// Evolve applies an event to an agent and returns the agent after it; a stays as
// it is. It fails only for an event that does not follow on a: a damaged log,
// never an event that [Decide] has just answered for a.
func Evolve(a Agent, e Event) (Agent, error) {
	if e.Version != a.Version+1 {
		return a, fmt.Errorf("event %d does not follow on version %d", e.Version, a.Version)
	}
	if e.At < a.LastAt {
		return a, fmt.Errorf("event %d of %s lies before its predecessor of %s", e.Version, e.At, a.LastAt)
	}
	next := a
	next.Version, next.LastAt = e.Version, e.At
	if err := apply(&next, e); err != nil {
		return a, err
	}
	noteVisibleChange(a, &next, e)
	if othersSeeChange(a, next) {
		next.RowVersion = e.Version
	}
	return next, nil
}

// apply changes next, which shares its session with the agent before: the
// session is copied, never written to.
func apply(next *Agent, e Event) error {
	switch change := e.Change.(type) {
	case SessionStarted:
		if next.Session != nil {
			return fmt.Errorf("event %d starts a session while %s is live", e.Version, next.Session.ID)
		}
		start(next, e, change)
		return nil
	case SessionEnded:
		if next.Session == nil || next.Session.ID != e.Session {
			return fmt.Errorf("event %d ends session %s, which is not live", e.Version, e.Session)
		}
		end(next, e, change)
		return nil
	}
	if next.Session == nil || next.Session.ID != e.Session {
		return fmt.Errorf("event %d belongs to session %s, which is not live", e.Version, e.Session)
	}
	session := *next.Session
	next.Session = &session
	return applyToSession(next, &session, e)
}

func end(next *Agent, e Event, change SessionEnded) {
	ended := &Ended{
		Session: e.Session, Code: change.Code, At: e.At, Cause: e.By.Cause,
		Silent: next.Session.Silent, BySilent: change.BySilent,
	}
	if ended.Silent {
		ended.Earlier = next.Ended
	}
	next.Session, next.Ended = nil, ended
}

func start(next *Agent, e Event, change SessionStarted) {
	next.Ended = next.Ended.lastSeen()
	if !change.Silent {
		next.Ended = nil
	}
	next.LastTick = change.Tick
	next.Fence = change.Fence
	next.Session = &Session{
		ID:             e.Session,
		StartedAt:      e.At,
		Silent:         change.Silent,
		Metadata:       change.Metadata,
		WorkLimit:      change.WorkLimit,
		Intent:         Intent{State: NotReady, Reason: LoggedIn()},
		StateSince:     e.At,
		Cause:          e.By.Cause,
		CauseCode:      CauseLoggedIn,
		Direction:      Inbound,
		DirectionSince: e.At,
		Connection:     Live,
		Work:           change.Work,
	}
}

func applyToSession(next *Agent, s *Session, e Event) error {
	switch change := e.Change.(type) {
	case StateSet:
		s.Intent = change.Intent
		s.Pending = nil
	case LogoutDeferred:
		since := e.At
		if s.Pending != nil {
			since = s.Pending.Since
		}
		s.Pending = &Pending{By: e.By, Since: since}
	case DirectionSet:
		if !change.Repeated {
			s.Direction, s.DirectionSince = change.Direction, e.At
		}
	case WorkReported:
		s.Work = withWork(s.Work, change.Work)
	case WorkEnded:
		s.Work = withoutWork(s.Work, change.Work.Interaction)
	case ConnectionChanged:
		s.Connection = change.Connection
		if change.Connection == Live {
			s.UnvouchedSince = 0
		}
	case Held:
		s.Held = &Hold{Reason: change.Reason, Since: e.At}
		s.UnvouchedSince = 0
	case Released:
		s.Held = nil
	case LeaseTaken:
		next.Fence = change.Fence
		if s.Connection == Live {
			s.Connection = Silent
		}
		if s.Held == nil && s.UnvouchedSince == 0 {
			// Never into an interval that has ended.
			s.UnvouchedSince = min(e.At, max(change.HeardAt, s.StateSince, s.DirectionSince))
		}
	case MonitoringStarted:
		s.Monitoring = change.Interaction
	case MonitoringEnded:
		s.Monitoring = InteractionID{}
	default:
		return fmt.Errorf("event %d changes what this version does not know: %T", e.Version, change)
	}
	return nil
}

// noteVisibleChange keeps since when and why the visible state is what it is.
func noteVisibleChange(before Agent, next *Agent, e Event) {
	if before.Session == nil || next.Session == nil {
		return
	}
	if before.State() == next.State() && before.Reason() == next.Reason() {
		return
	}
	s := next.Session
	s.StateSince, s.Cause, s.CauseCode = e.At, e.By.Cause, ""
	switch e.Change.(type) {
	case Held:
		s.CauseCode = CauseConnectionLost
	case Released:
		s.CauseCode = CauseConnectionRestored
	}
}

func withWork(work []Work, reported Work) []Work {
	i := slices.IndexFunc(work, func(w Work) bool { return w.Interaction == reported.Interaction })
	if i < 0 {
		return append(slices.Clip(slices.Clone(work)), reported)
	}
	work = slices.Clone(work)
	work[i] = reported
	return work
}

func withoutWork(work []Work, id InteractionID) []Work {
	rest := make([]Work, 0, len(work))
	for _, w := range work {
		if w.Interaction != id {
			rest = append(rest, w)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}
