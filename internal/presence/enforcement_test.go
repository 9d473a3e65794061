package presence

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestHoldGivesTheIntentBackUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := play(t, drawLiveAgent(t), Hear{})
		a = play(t, a, drawOwnWish(t))
		before := *a.Session
		during := held(t, a)
		if during.State() != NotReady || during.Reason() != ConnectionLost() || during.Offerable() {
			t.Fatalf("held agents are not ready for a lost connection, got %s", text(t, during))
		}
		back := play(t, during, Hear{Session: before.ID})
		after := *back.Session
		after.StateSince, after.Cause, after.CauseCode = before.StateSince, before.Cause, before.CauseCode
		if difference := cmp.Diff(before, after); difference != "" {
			t.Fatalf("the session is another after the hold:\n%s", difference)
		}
		if back.State() != a.State() || back.Reason() != a.Reason() || back.Offerable() != a.Offerable() {
			t.Fatalf("was %s, came back as %s", text(t, a), text(t, back))
		}
	})
}

func drawOwnWish(t *rapid.T) Command {
	return rapid.SampledFrom([]Command{
		Hear{},
		GoReady{By: ada, HasExtension: true},
		GoNotReady{By: ada, Reason: lunch},
		SetDirection{By: ada, Direction: AgentInitiated},
	}).Draw(t, "wish")
}

// The hold is an interval of its own, so the state that comes back begins anew.
func TestReleasedStateBeginsWithTheRelease(t *testing.T) {
	t.Parallel()
	a := held(t, play(t, loggedIn(t), GoReady{By: ada, HasExtension: true}))
	a = play(t, a, Hear{})
	s := a.Session
	if s.StateSince != a.LastAt || s.Cause != BySystem || s.CauseCode != CauseConnectionRestored {
		t.Errorf("released: since %s by %s %s", s.StateSince, s.Cause, s.CauseCode)
	}
}

func TestSilenceBelowAHoldLeavesTheStateAlone(t *testing.T) {
	t.Parallel()
	before := play(t, loggedIn(t), GoReady{By: ada, HasExtension: true})
	quiet := play(t, before, silence(before, limits.Silent))
	if quiet.Offerable() || quiet.State() != Ready || quiet.Session.StateSince != before.Session.StateSince {
		t.Errorf("silent: %s", text(t, quiet))
	}
	back := play(t, quiet, Hear{})
	if difference := cmp.Diff(before.Session, back.Session); difference != "" {
		t.Errorf("heard again, the session is another:\n%s", difference)
	}
}

func TestEveryDeadlineIsReachedInTimeAndNotBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawLiveAgent(t)
		for a.Session != nil {
			due, ok := NextDeadline(a, limits)
			if !ok {
				t.Fatalf("a live session has no deadline")
			}
			if early := attempt(t, a, silence(a, due-time.Millisecond), a.LastAt); len(early.events) != 0 {
				t.Fatalf("before the deadline of %s come %+v", due, early.events)
			}
			s := attempt(t, a, silence(a, due), a.LastAt)
			if len(s.events) != 1 {
				t.Fatalf("at the deadline of %s come %d events", due, len(s.events))
			}
			a = s.after()
		}
		if a.Ended.Code != EndLeaseExpired {
			t.Fatalf("silence ended the session with %s", a.Ended.Code)
		}
		if _, ok := NextDeadline(a, limits); ok {
			t.Fatalf("an agent without a session has a deadline")
		}
	})
}

func TestEvidenceOfSilenceLiesWithinTheSession(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for i, e := range s.events {
			heardAt, has := evidence(e.Change)
			if session := s.previous(i).Session; has && (heardAt < session.StartedAt || heardAt > e.At) {
				t.Fatalf("%s of %s says heard at %s, in a session that began at %s", e.Change.Kind(), e.At, heardAt, session.StartedAt)
			}
		}
	})
}

func evidence(change Change) (heardAt Instant, has bool) {
	switch c := change.(type) {
	case ConnectionChanged:
		return c.HeardAt, c.Connection != Live
	case Held:
		return c.HeardAt, true
	case LeaseTaken:
		return c.HeardAt, true
	case SessionEnded:
		return c.HeardAt, c.Code == EndLeaseExpired
	}
	return 0, false
}
