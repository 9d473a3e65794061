package presence

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func onACall(t *testing.T) Agent {
	t.Helper()
	return play(t, loggedIn(t), GoReady{By: ada, HasExtension: true}, ReportWork{By: router, Work: phone(1, WorkActive)})
}

func TestLogoutWithoutWorkEndsTheSession(t *testing.T) {
	t.Parallel()
	for by, want := range map[Actor]EndCode{ada: EndLoggedOut, sue: EndSupervisor} {
		a := play(t, loggedIn(t), GoOffline{By: by, Wait: true})
		if a.Session != nil || a.Ended.Code != want || a.State() != Offline || !a.Reason().IsZero() {
			t.Errorf("by the %s: %s", by.Cause, text(t, a))
		}
	}
}

func TestRefusedLogoutListsTheWork(t *testing.T) {
	t.Parallel()
	a := onACall(t)
	_, err := Decide(a, GoOffline{By: ada}, a.LastAt)
	var refused *Refusal
	if !errors.As(err, &refused) || refused.Code != RefusedWorkOpen || !slices.Equal(refused.Work, a.Session.Work) {
		t.Errorf("refused with %+v", err)
	}
}

func TestForcedLogoutDoesNotWait(t *testing.T) {
	t.Parallel()
	if a := play(t, onACall(t), GoOffline{By: ada, Force: true, Wait: true}); a.Session != nil {
		t.Errorf("lives on: %s", text(t, a))
	}
}

func TestWaitingLogoutEndsWithTheCodeOfWhoeverAskedLast(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		asked []Actor
		want  EndCode
	}{
		"the agent":                      {[]Actor{ada}, EndLoggedOut},
		"a supervisor":                   {[]Actor{sue}, EndSupervisor},
		"the agent, then a supervisor":   {[]Actor{ada, sue}, EndSupervisor},
		"a supervisor, then the agent":   {[]Actor{sue, ada}, EndLoggedOut},
		"one supervisor, then the other": {[]Actor{sue, sam}, EndSupervisor},
	} {
		a := play(t, onACall(t), ReportWork{By: router, Work: phone(2, WorkWrapUp)})
		since := a.LastAt.Add(time.Second)
		for _, by := range c.asked {
			a = play(t, a, GoOffline{By: by, Wait: true})
		}
		last := c.asked[len(c.asked)-1]
		if p := a.Session.Pending; p == nil || p.By != last || p.Since != since {
			t.Errorf("%s: pending %+v", name, p)
		}
		a = play(t, a, EndWork{By: router, Interaction: call(1)})
		if a.Session == nil {
			t.Errorf("%s: ended while work is open", name)
			continue
		}
		s := attempt(t, a, EndWork{By: router, Interaction: call(2)}, a.LastAt)
		if s.after().Session != nil || s.after().Ended.Code != c.want || s.events[len(s.events)-1].By != last {
			t.Errorf("%s: %s", name, text(t, s.after()))
		}
	}
}

func TestWaitingLogoutMakesTheAgentNotOfferable(t *testing.T) {
	t.Parallel()
	a := play(t, Agent{}, StartSession{By: ada, WorkLimit: 3}, GoReady{By: ada, HasExtension: true},
		ReportWork{By: router, Work: phone(1, WorkActive)})
	if !a.Offerable() {
		t.Fatal("not offerable below the work limit")
	}
	if a = play(t, a, GoOffline{By: ada, Wait: true}); a.Offerable() || a.State() != Ready {
		t.Errorf("logging out: %s", text(t, a))
	}
}

func TestNextRequestForAStateReplacesAWaitingLogout(t *testing.T) {
	t.Parallel()
	for _, by := range []Actor{ada, sue} {
		for _, request := range []Command{GoReady{By: by, HasExtension: true}, GoNotReady{By: by, Reason: lunch}} {
			a := play(t, onACall(t), GoOffline{By: ada, Wait: true}, request)
			if a.Session.Pending != nil {
				t.Errorf("%s by the %s leaves the log-out waiting", request.Name(), by.Cause)
			}
			if a = play(t, a, EndWork{By: router, Interaction: call(1)}); a.Session == nil {
				t.Errorf("%s by the %s: logged out all the same", request.Name(), by.Cause)
			}
		}
	}
}

func TestTakingALogoutBackLeavesTheStateAsItWas(t *testing.T) {
	t.Parallel()
	before := onACall(t)
	a := play(t, before, GoOffline{By: ada, Wait: true}, GoReady{By: ada, HasExtension: true})
	if a.Session.StateSince != before.Session.StateSince {
		t.Errorf("ready since %s, was since %s", a.Session.StateSince, before.Session.StateSince)
	}
}

func TestWaitingLogoutOutlivesADirection(t *testing.T) {
	t.Parallel()
	a := play(t, onACall(t), GoOffline{By: ada, Wait: true}, SetDirection{By: ada, Direction: Outbound})
	if a.Session.Pending == nil {
		t.Error("a new direction takes the log-out back")
	}
}
