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
	offline := play(t, a, GoOffline{By: ada})
	for _, id := range []SessionID{{}, a.Session.ID, {UUID{6: 0x10, 8: 0x80}}} {
		for _, by := range []Actor{sue, router} {
			for _, request := range append(namingASession(by, id), GoOffline{By: by, Session: id, Force: true}) {
				got, want := refusal(t, a, request), refusal(t, offline, request)
				if got == "" || got != want {
					t.Errorf("%s by the %s, naming %s: %q, of an agent who is offline %q", request.Name(), by.Cause, id, got, want)
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
}

// Superseded would tell that there is a newer session.
func TestSilentSessionInsteadOfAnotherIsALogOutToOthers(t *testing.T) {
	t.Parallel()
	before := loggedIn(t)
	during := play(t, before, StartSession{By: ada, Silent: true})
	after := play(t, during, GoOffline{By: ada})
	again := play(t, after, StartSession{By: ada, Silent: true})
	want := play(t, before, GoOffline{By: ada}).Ended
	for name, a := range map[string]Agent{"during": during, "after": after, "during a second one": again} {
		seen := a.SeenByOthers()
		if seen.Ended == nil {
			t.Fatalf("%s: others see %s", name, text(t, seen))
		}
		got := *seen.Ended
		if got.At = want.At; got != *want {
			t.Errorf("%s: others see %+v, of a log-out %+v", name, got, *want)
		}
	}
	if own := during.Ended; own.Code != EndSuperseded || !own.BySilent {
		t.Errorf("remembered is %+v", own)
	}
}

func TestSilentSessionInsteadOfASilentOneIsNoLogOutOfAnybody(t *testing.T) {
	t.Parallel()
	before := play(t, loggedIn(t), GoOffline{By: sue})
	seen := play(t, before, StartSession{By: ada, Silent: true}, StartSession{By: ada, Silent: true}).SeenByOthers()
	if *seen.Ended != *before.Ended {
		t.Errorf("others see %+v, before %+v", *seen.Ended, *before.Ended)
	}
}

func TestEventOfASupersedingSilentSessionIsALogOutToOthers(t *testing.T) {
	t.Parallel()
	superseded := Event{Version: 3, At: nine, By: ada, Change: SessionEnded{Code: EndSuperseded}}
	if got := superseded.SeenByOthers(); got.Change != superseded.Change {
		t.Errorf("others see %+v", got)
	}
	superseded.Change = SessionEnded{Code: EndSuperseded, BySilent: true}
	want := Event{Version: 3, At: nine, By: ada, Change: SessionEnded{Code: EndLoggedOut}}
	if got := superseded.SeenByOthers(); got.Change != want.Change || got.Version != want.Version || got.By != want.By {
		t.Errorf("others see %+v", got)
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
