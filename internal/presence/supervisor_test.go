package presence

import (
	"slices"
	"testing"
)

func TestSupervisorReplacesTheIntent(t *testing.T) {
	t.Parallel()
	a := play(t, loggedIn(t), GoReady{By: ada, HasExtension: true}, GoNotReady{By: sue, Reason: coffee})
	if a.State() != NotReady || a.Reason() != coffee || a.Session.Cause != BySupervisor || a.Session.StateSince != a.LastAt {
		t.Errorf("after the supervisor: %s", text(t, a))
	}
	a = play(t, a, GoReady{By: ada, HasExtension: true})
	if a.State() != Ready || a.Session.Cause != ByAgent {
		t.Errorf("after the agent's next own request: %s", text(t, a))
	}
}

func TestSupervisorsChangeDuringAHoldIsHiddenUntilTheRelease(t *testing.T) {
	t.Parallel()
	before := held(t, play(t, loggedIn(t), GoReady{By: ada, HasExtension: true}))
	during := play(t, before, GoNotReady{By: sue, Reason: coffee})
	if during.Reason() != ConnectionLost() || during.Session.StateSince != before.Session.StateSince || during.RowVersion != before.RowVersion {
		t.Errorf("during the hold: %s", text(t, during))
	}
	after := play(t, during, Hear{})
	if after.State() != NotReady || after.Reason() != coffee {
		t.Errorf("after the release: %s", text(t, after))
	}
}

// Whoever clicks is there: the request is a sign of life before it is a wish.
func TestOwnRequestDuringAHoldReleasesIt(t *testing.T) {
	t.Parallel()
	a := held(t, play(t, loggedIn(t), GoReady{By: ada, HasExtension: true}))
	for _, c := range []struct {
		request Command
		last    Kind
	}{
		{GoReady{By: ada, HasExtension: true}, KindStateSet},
		{GoNotReady{By: ada, Reason: lunch}, KindStateSet},
		{SetDirection{By: ada, Direction: Outbound}, KindDirectionSet},
		{StartMonitoring{By: ada, Interaction: call(1)}, KindMonitoringStarted},
	} {
		want := []Kind{KindConnectionChanged, KindReleased, c.last}
		if got := kinds(t, a, c.request); !slices.Equal(got, want) {
			t.Errorf("%s makes %v, want %v", c.request.Name(), got, want)
		}
	}
}

func TestRefusedOwnRequestDuringAHoldDoesNotReleaseIt(t *testing.T) {
	t.Parallel()
	a := held(t, loggedIn(t))
	if got := refusal(t, a, GoReady{By: ada}); got != RefusedNoExtension {
		t.Errorf("%q", got)
	}
}

func TestRequestsOfOthersDuringAHoldDoNotReleaseIt(t *testing.T) {
	t.Parallel()
	a := play(t, held(t, loggedIn(t)),
		GoReady{By: sue, HasExtension: true}, SetDirection{By: sue, Direction: Outbound},
		ReportWork{By: router, Work: phone(1, WorkActive)}, EndWork{By: router, Interaction: call(1)})
	if a.Session.Held == nil || a.Session.Connection == Live {
		t.Errorf("released: %s", text(t, a))
	}
}

// The direction stands beside the state, so a hold does not hide it.
func TestDirectionIsVisibleDuringAHold(t *testing.T) {
	t.Parallel()
	a := play(t, held(t, loggedIn(t)), SetDirection{By: sue, Direction: Outbound})
	if a.Session.Direction != Outbound || a.Session.DirectionSince != a.LastAt || a.RowVersion != a.Version {
		t.Errorf("held, outbound: %s", text(t, a))
	}
}
