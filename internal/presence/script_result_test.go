package presence

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// event tells an event in words.
func (s *story) event(e Event) string {
	who := "by " + nameOf(e.By)
	kind := string(e.Change.Kind())
	switch c := e.Change.(type) {
	case SessionStarted:
		return fmt.Sprintf("%s %s: session %d%s%s", kind, who, s.number(e.Session), when(c.Silent, ", silent"), workList(", takes over", c.Work))
	case SessionEnded:
		return fmt.Sprintf("%s %s: session %d, %s%s%s", kind, who, s.number(e.Session), c.Code, when(c.BySilent, " by a silent one"), heard(c.HeardAt))
	case StateSet:
		return fmt.Sprintf("%s %s: %s%s", kind, who, stateAndReason(c.State, c.Reason), when(c.Repeated, ", repeated"))
	case LogoutDeferred:
		return fmt.Sprintf("%s %s%s", kind, who, when(c.Repeated, ": repeated"))
	case DirectionSet:
		return fmt.Sprintf("%s %s: %s%s", kind, who, c.Direction, when(c.Repeated, ", repeated"))
	case WorkReported:
		return fmt.Sprintf("%s %s%s", kind, who, workList(":", []Work{c.Work}))
	case WorkEnded:
		return fmt.Sprintf("%s %s%s", kind, who, workList(":", []Work{c.Work}))
	case ConnectionChanged:
		return fmt.Sprintf("%s %s: %s%s", kind, who, c.Connection, heard(c.HeardAt))
	case Held:
		return fmt.Sprintf("%s %s: %s%s", kind, who, c.Reason.Name, heard(c.HeardAt))
	case LeaseTaken:
		return fmt.Sprintf("%s %s: fence %d%s", kind, who, c.Fence, heard(c.HeardAt))
	case MonitoringStarted:
		return fmt.Sprintf("%s %s: %s", kind, who, callName(c.Interaction))
	case MonitoringEnded:
		return fmt.Sprintf("%s %s: %s", kind, who, callName(c.Interaction))
	}
	return kind + " " + who
}

// state tells what the agent is: to itself, and below to others where they see
// something else.
func (s *story) state() string {
	a := s.agent
	own := seenAs(a)
	if others := seenAs(a.SeenByOthers()); others != own {
		own += "  others see: " + others
	}
	return own
}

func seenAs(a Agent) string {
	if a.Session == nil {
		if a.Ended == nil {
			return fmt.Sprintf("= offline; row %d\n", a.RowVersion)
		}
		return fmt.Sprintf("= offline since %s by %s: %s; row %d\n", clock(a.Ended.At), a.Ended.Cause, a.Ended.Code, a.RowVersion)
	}
	session := a.Session
	cause := strings.TrimSpace(string(session.Cause) + " " + string(session.CauseCode))
	out := fmt.Sprintf("= %s since %s by %s; %s since %s; %s%s; row %d\n",
		stateAndReason(a.State(), a.Reason()), clock(session.StateSince), cause,
		session.Direction, clock(session.DirectionSince), session.Connection, when(a.Offerable(), ", offerable"), a.RowVersion)
	if session.Held != nil {
		out += fmt.Sprintf("  hidden: %s\n", stateAndReason(session.Intent.State, session.Intent.Reason))
	}
	if session.UnvouchedSince != 0 {
		out += fmt.Sprintf("  unvouched since %s\n", clock(session.UnvouchedSince))
	}
	if p := session.Pending; p != nil {
		out += fmt.Sprintf("  log-out waits since %s by %s\n", clock(p.Since), nameOf(p.By))
	}
	if len(session.Work) > 0 {
		out += workList("  work", session.Work) + "\n"
	}
	if !session.Monitoring.IsZero() {
		out += fmt.Sprintf("  monitors %s\n", callName(session.Monitoring))
	}
	return out
}

func (s *story) refused(err error) string {
	var refused *Refusal
	if !errors.As(err, &refused) {
		return "error: " + err.Error() + "\n"
	}
	return fmt.Sprintf("refused: %s%s\n", refused.Code, workList(":", refused.Work))
}

func (s *story) number(id SessionID) int { return slices.Index(s.sessions, id) + 1 }

func nameOf(by Actor) string {
	if by.Name == "" {
		return string(by.Cause)
	}
	return fmt.Sprintf("%s %s", by.Cause, by.Name)
}

func stateAndReason(state State, reason Reason) string {
	if reason.IsZero() {
		return string(state)
	}
	return fmt.Sprintf("%s (%s)", state, reason.Name)
}

func workList(lead string, work []Work) string {
	var out strings.Builder
	for _, w := range work {
		fmt.Fprintf(&out, " %s %s since %s", callName(w.Interaction), w.State, clock(w.Since))
	}
	if out.Len() == 0 {
		return ""
	}
	return lead + out.String()
}

func callName(id InteractionID) string {
	return fmt.Sprintf("call-%d", int(id.UUID[14])<<8|int(id.UUID[15]))
}

func heard(at Instant) string {
	if at == 0 {
		return ""
	}
	return ", heard at " + clock(at)
}

// clock is the time of day, milliseconds only where there are some.
func clock(at Instant) string {
	return strings.TrimSuffix(at.Time().Format("15:04:05.000"), ".000")
}

func when(yes bool, text string) string {
	if yes {
		return text
	}
	return ""
}
