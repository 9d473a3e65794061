package presence

import (
	"testing"

	"pgregory.net/rapid"
)

// A waiting log-out is carried out in the name of whoever asked for it, though
// the command that carries it out is the end of the work.
func TestEventsNameOnlyWhoCausedThem(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for i, e := range s.events {
			if e.By == System() || e.By == actorOf(s.command) {
				continue
			}
			session := s.previous(i).Session
			_, ends := e.Change.(SessionEnded)
			if !ends || session == nil || session.Pending == nil || session.Pending.By != e.By {
				t.Fatalf("%#v makes an event by %+v: %+v", s.command, e.By, e.Change)
			}
		}
	})
}

func TestRulesOfTheSystemNameNobody(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for _, e := range s.events {
			switch e.Change.(type) {
			case ConnectionChanged, Held, Released, LeaseTaken:
				if e.By != System() {
					t.Fatalf("%s by %+v", e.Change.Kind(), e.By)
				}
			}
		}
	})
}

// actorOf is who sent a command; the system where the command names nobody.
func actorOf(c Command) Actor {
	switch c := c.(type) {
	case StartSession:
		return c.By
	case GoReady:
		return c.By
	case GoNotReady:
		return c.By
	case GoOffline:
		return c.By
	case SetDirection:
		return c.By
	case ReportWork:
		return c.By
	case EndWork:
		return c.By
	case StartMonitoring:
		return c.By
	case EndMonitoring:
		return c.By
	case Revoke:
		return c.By
	}
	return System()
}
