package presence

import "slices"

// SeenByOthers is the agent as everybody but itself sees it: before, during and
// after a session for silent monitoring offline in the same way.
func (a Agent) SeenByOthers() Agent {
	if a.Session == nil || a.Session.Silent {
		a.Session, a.Ended = nil, a.Ended.seenByOthers()
	}
	return a
}

// lastSeen is the newest end that others saw, nil if there is none.
func (e *Ended) lastSeen() *Ended {
	if e != nil && e.Silent {
		return e.Earlier
	}
	return e
}

// seenByOthers is the newest end that others saw, as they saw it.
func (e *Ended) seenByOthers() *Ended {
	last := e.lastSeen()
	if last == nil || !last.BySilent {
		return last
	}
	seen := *last
	seen.Code, seen.BySilent = EndLoggedOut, false
	return &seen
}

// SeenByOthers is the event as everybody but the agent sees it, if they may see
// it at all: where a silent session superseded another, nothing may tell that
// there is a newer one.
func (e Event) SeenByOthers() Event {
	if ended, ok := e.Change.(SessionEnded); ok && ended.BySilent {
		e.Change = SessionEnded{Code: EndLoggedOut}
	}
	return e
}

// othersSeeChange reports whether what others see of an agent differs after an
// event. What is seen is compared, not the kind of event: a change of the intent
// during a hold, or a lease taken of an agent that is silent anyway, shows
// nothing.
func othersSeeChange(before, after Agent) bool {
	was, is := before.SeenByOthers().Session, after.SeenByOthers().Session
	if was == nil || is == nil {
		return was != is
	}
	return before.State() != after.State() ||
		before.Reason() != after.Reason() ||
		was.Direction != is.Direction ||
		was.Connection != is.Connection ||
		!samePending(was.Pending, is.Pending) ||
		!slices.Equal(was.Work, is.Work)
}

func samePending(a, b *Pending) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
