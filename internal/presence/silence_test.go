package presence

import (
	"slices"
	"testing"
	"time"
)

func TestLongSilenceTakesAllStepsAtOnce(t *testing.T) {
	t.Parallel()
	a := loggedIn(t)
	want := []Kind{KindConnectionChanged, KindHeld, KindSessionEnded}
	if got := kinds(t, a, silence(a, time.Hour)); !slices.Equal(got, want) {
		t.Errorf("makes %v, want %v", got, want)
	}
}

func TestSilenceMeasuredUnderAnOlderFenceIsVoid(t *testing.T) {
	t.Parallel()
	a := loggedIn(t)
	old := silence(a, time.Hour)
	for name, later := range map[string]Agent{
		"a new session":   play(t, a, StartSession{By: ada}),
		"a lease taken":   play(t, a, TakeLease{HeardAt: a.LastAt}),
		"no session left": play(t, a, GoOffline{By: ada}),
	} {
		if got := kinds(t, later, old); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNobodyIsOfferableAfterARestartUntilHeard(t *testing.T) {
	t.Parallel()
	before := play(t, loggedIn(t), GoReady{By: ada, HasExtension: true})
	taken := play(t, before, TakeLease{HeardAt: before.LastAt})
	if taken.Offerable() || taken.State() != Ready || taken.Session.StateSince != before.Session.StateSince {
		t.Errorf("after the restart: %s", text(t, taken))
	}
	if taken.Session.UnvouchedSince != before.LastAt {
		t.Errorf("unvouched since %s, want %s", taken.Session.UnvouchedSince, before.LastAt)
	}
	heard := play(t, taken, Hear{})
	if !heard.Offerable() || heard.Session.UnvouchedSince != 0 {
		t.Errorf("heard again: %s", text(t, heard))
	}
}

// A second restart before the agent is heard does not shorten what nobody
// vouches for.
func TestUnvouchedTimeBeginsWithTheFirstRestart(t *testing.T) {
	t.Parallel()
	once := play(t, loggedIn(t), TakeLease{HeardAt: nine})
	twice := play(t, once, TakeLease{HeardAt: once.LastAt})
	if twice.Session.UnvouchedSince != once.Session.UnvouchedSince || twice.Fence != once.Fence+1 {
		t.Errorf("once %s, twice %s", text(t, once), text(t, twice))
	}
}

// Silence without a hold leaves the agent ready, so the time of the server's
// stop would count as ready if it were not marked.
func TestRestartMarksTheTimeOfSilentAgentsToo(t *testing.T) {
	t.Parallel()
	quiet := play(t, loggedIn(t), GoReady{By: ada, HasExtension: true})
	quiet = play(t, quiet, silence(quiet, limits.Silent))
	taken := play(t, quiet, TakeLease{HeardAt: quiet.LastAt})
	if taken.Session.UnvouchedSince != quiet.LastAt || taken.RowVersion != quiet.RowVersion {
		t.Errorf("after the restart: %s", text(t, taken))
	}
}

func TestRestartLeavesAHoldAlone(t *testing.T) {
	t.Parallel()
	before := held(t, loggedIn(t))
	taken := play(t, before, TakeLease{HeardAt: nine})
	if taken.Session.UnvouchedSince != 0 || taken.Session.Held == nil || taken.RowVersion != before.RowVersion {
		t.Errorf("after the restart: %s", text(t, taken))
	}
}

func TestRestartWithoutEvidenceVouchesForNothing(t *testing.T) {
	t.Parallel()
	a := play(t, loggedIn(t), TakeLease{})
	if a.Session.UnvouchedSince != a.Session.StartedAt {
		t.Errorf("unvouched since %s, the session began at %s", a.Session.UnvouchedSince, a.Session.StartedAt)
	}
}
