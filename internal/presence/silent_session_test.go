package presence

import (
	"slices"
	"testing"
)

func monitoring(t *testing.T) Agent {
	t.Helper()
	return play(t, Agent{}, StartSession{By: ada, Silent: true})
}

func TestSilentSessionIsNoneToOthers(t *testing.T) {
	t.Parallel()
	a := monitoring(t)
	for _, id := range []SessionID{{}, a.Session.ID, {UUID{6: 0x10, 8: 0x80}}} {
		for _, by := range []Actor{sue, router} {
			for _, request := range append(namingASession(by, id), GoOffline{By: by, Session: id, Force: true}) {
				if got := refusal(t, a, request); got != RefusedNoSession {
					t.Errorf("%s by the %s: %q", request.Name(), by.Cause, got)
				}
			}
		}
	}
	for _, report := range []Command{ReportWork{By: router, Work: phone(1, WorkActive)}, EndWork{By: router, Interaction: call(1)}} {
		if got := refusal(t, a, report); got != RefusedNoSession {
			t.Errorf("%s: %q", report.Name(), got)
		}
	}
}

func TestOwnerOfASilentSessionUsesItLikeAnyOther(t *testing.T) {
	t.Parallel()
	a := play(t, monitoring(t), GoReady{By: ada, HasExtension: true}, SetDirection{By: ada, Direction: Outbound},
		StartMonitoring{By: ada, Interaction: call(1)}, StartMonitoring{By: ada, Interaction: call(2)})
	if a.State() != Ready || a.Session.Monitoring != call(2) || a.Offerable() {
		t.Errorf("monitoring: %s", text(t, a))
	}
	if a = play(t, a, GoOffline{By: ada}); a.Session != nil {
		t.Errorf("lives on: %s", text(t, a))
	}
}

// How the agent went offline before is what others go on seeing.
func TestOthersSeeTheSameOfflineBeforeDuringAndAfterASilentSession(t *testing.T) {
	t.Parallel()
	before := play(t, loggedIn(t), GoOffline{By: sue})
	during := play(t, before, StartSession{By: ada, Silent: true})
	after := play(t, during, GoOffline{By: ada})
	again := play(t, after, StartSession{By: ada, Silent: true}, Revoke{By: System()})
	for name, a := range map[string]Agent{"during": during, "after": after, "after a second one": again} {
		seen := a.SeenByOthers()
		if seen.Session != nil || seen.Ended == nil || *seen.Ended != *before.Ended || a.RowVersion != before.RowVersion {
			t.Errorf("%s: %s", name, text(t, seen))
		}
	}
	if again.Ended.Code != EndRevoked {
		t.Errorf("the owner sees an end by %s", again.Ended.Code)
	}
}

func TestOwnerOfASilentSessionBeforeAnyOtherWasNeverThere(t *testing.T) {
	t.Parallel()
	seen := play(t, monitoring(t), GoOffline{By: ada}).SeenByOthers()
	if seen.Ended != nil || seen.Session != nil || seen.RowVersion != 0 {
		t.Errorf("others see %s", text(t, seen))
	}
}

func TestSilentSessionTakesNoWorkOver(t *testing.T) {
	t.Parallel()
	a := play(t, onACall(t), StartSession{By: ada, Silent: true})
	if len(a.Session.Work) != 0 {
		t.Errorf("took over %+v", a.Session.Work)
	}
	if seen := a.SeenByOthers(); seen.Ended == nil || seen.Ended.Code != EndSuperseded {
		t.Errorf("others see %s", text(t, seen))
	}
}

func TestMonitoringTheSameAgainDoesNotEndIt(t *testing.T) {
	t.Parallel()
	a := play(t, monitoring(t), StartMonitoring{By: ada, Interaction: call(1)})
	if got := kinds(t, a, StartMonitoring{By: ada, Interaction: call(1)}); !slices.Equal(got, []Kind{KindMonitoringStarted}) {
		t.Errorf("makes %v", got)
	}
}

func TestOnlyTheMonitoredInteractionEndsMonitoring(t *testing.T) {
	t.Parallel()
	a := play(t, monitoring(t), StartMonitoring{By: ada, Interaction: call(1)})
	if got := kinds(t, a, EndMonitoring{By: router, Interaction: call(2)}); len(got) != 0 {
		t.Errorf("the end of another makes %v", got)
	}
	if a = play(t, a, EndMonitoring{By: router, Interaction: call(1)}); !a.Session.Monitoring.IsZero() {
		t.Errorf("monitors %s", a.Session.Monitoring)
	}
}
