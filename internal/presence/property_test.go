package presence

import (
	"testing"

	"pgregory.net/rapid"
)

func TestVersionsRiseByOne(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for i, e := range s.events {
			if e.Version != s.previous(i).Version+1 || s.folded[i].Version != e.Version {
				t.Fatalf("event %d follows on version %d and leads to %d", e.Version, s.previous(i).Version, s.folded[i].Version)
			}
		}
	})
}

func TestTimesNeverGoBack(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for i, e := range s.events {
			if want := max(s.now, s.previous(i).LastAt); e.At != want || s.folded[i].LastAt != want {
				t.Fatalf("event %d is of %s, want %s", e.Version, e.At, want)
			}
		}
	})
}

func TestAtMostOneSessionLives(t *testing.T) {
	t.Parallel()
	everyLife(t, func(t *rapid.T, life []step) {
		living := map[SessionID]bool{} // by the events alone
		for _, s := range life {
			for i, e := range s.events {
				switch e.Change.(type) {
				case SessionStarted:
					living[e.Session] = true
				case SessionEnded:
					delete(living, e.Session)
				default:
					if !living[e.Session] {
						t.Fatalf("event %d is of session %s, which does not live", e.Version, e.Session)
					}
				}
				session := s.folded[i].Session
				if len(living) > 1 || (session != nil) != (len(living) == 1) || session != nil && !living[session.ID] {
					t.Fatalf("by the events %v live, by the agent %+v", living, session)
				}
			}
		}
	})
}

func TestRefusedCommandChangesNothing(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		if s.err == nil {
			return
		}
		if code := RefusalOf(s.err); code == "" || code == RefusedUndecided {
			t.Fatalf("%#v is refused by %v", s.command, s.err)
		}
		if len(s.events) != 0 {
			t.Fatalf("a refused command makes %d events", len(s.events))
		}
	})
}

func TestAgentsAreNeverChangedInPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawAgent(t)
		before := text(t, a)
		attempt(t, a, drawCommand(t, a, a.LastAt, nil), a.LastAt)
		if after := text(t, a); after != before {
			t.Fatalf("the agent was\n%s\nand is now\n%s", before, after)
		}
	})
}

func TestFoldingTheLogAgainGivesTheSameAgent(t *testing.T) {
	t.Parallel()
	everyLife(t, func(t *rapid.T, life []step) {
		var again Agent
		for _, s := range life {
			for i, e := range s.events {
				next, err := Evolve(again, stored(t, e))
				if err != nil {
					t.Fatalf("%v", err)
				}
				again = next
				if got, want := text(t, again), text(t, s.folded[i]); got != want {
					t.Fatalf("from the log\n%s\nwant\n%s", got, want)
				}
			}
		}
	})
}

// stored is an event after it went to the log and back.
func stored(t rapid.TB, e Event) Event {
	t.Helper()
	body, err := EncodeEvent(e)
	if err != nil {
		t.Fatalf("%v", err)
	}
	decoded, err := DecodeEvent(e.Change.Kind(), e.Version, e.At, body)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return decoded
}

func TestOfferableAgentsAreReadyHeardAndFree(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		a := s.after()
		if !a.Offerable() {
			return
		}
		session := a.Session
		if a.State() != Ready || session.Connection != Live || session.Held != nil || session.Silent ||
			session.Pending != nil || len(session.Work) >= session.WorkLimit {
			t.Fatalf("offerable is %s", text(t, a))
		}
	})
}

func TestHeldAgentsAreNotHeard(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		session := s.after().Session
		if session != nil && session.Held != nil && session.Connection == Live {
			t.Fatalf("held though its client is heard: %s", text(t, s.after()))
		}
	})
}
