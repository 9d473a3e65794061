package presence

import (
	"errors"
	"testing"
)

func TestReportingWorkAgainMakesNoEvent(t *testing.T) {
	t.Parallel()
	a := onACall(t)
	if got := kinds(t, a, ReportWork{By: router, Work: phone(1, WorkActive)}); len(got) != 0 {
		t.Errorf("makes %v", got)
	}
	if got := kinds(t, a, EndWork{By: router, Interaction: call(9)}); len(got) != 0 {
		t.Errorf("ending what is not open makes %v", got)
	}
}

func TestWorkKeepsItsTimeUntilItsStateChanges(t *testing.T) {
	t.Parallel()
	a := onACall(t)
	since := a.LastAt
	renamed := phone(1, WorkActive)
	renamed.Channel = "video"
	a = play(t, a, ReportWork{By: router, Work: renamed})
	if work, _ := a.Session.OpenWork(call(1)); work.Since != since || work.Channel != "video" {
		t.Errorf("renamed: %+v", work)
	}
	a = play(t, a, ReportWork{By: router, Work: phone(1, WorkWrapUp)})
	if work, _ := a.Session.OpenWork(call(1)); work.Since != a.LastAt || work.State != WorkWrapUp {
		t.Errorf("in wrap-up: %+v", work)
	}
}

func TestReportersTimeOfWorkDoesNotCount(t *testing.T) {
	t.Parallel()
	work := phone(1, WorkActive)
	work.Since = 1
	a := play(t, loggedIn(t), ReportWork{By: router, Work: work})
	if got := a.Session.Work[0].Since; got != a.LastAt {
		t.Errorf("since %s, want %s", got, a.LastAt)
	}
}

func TestWorkStaysInTheOrderOfItsFirstReport(t *testing.T) {
	t.Parallel()
	a := play(t, loggedIn(t),
		ReportWork{By: router, Work: phone(2, WorkOffered)}, ReportWork{By: router, Work: phone(1, WorkOffered)},
		ReportWork{By: router, Work: phone(3, WorkOffered)}, ReportWork{By: router, Work: phone(2, WorkActive)},
		EndWork{By: router, Interaction: call(1)})
	if w := a.Session.Work; len(w) != 2 || w[0].Interaction != call(2) || w[1].Interaction != call(3) {
		t.Errorf("open: %+v", w)
	}
}

func TestAgentIsBusyAtTheWorkLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{-1, 0, 1, 2} {
		a := play(t, Agent{}, StartSession{By: ada, WorkLimit: limit}, GoReady{By: ada, HasExtension: true})
		for n := range max(limit, 1) {
			if !a.Offerable() {
				t.Errorf("limit %d: not offerable with %d", limit, n)
			}
			a = play(t, a, ReportWork{By: router, Work: phone(n, WorkOffered)})
		}
		if a.Offerable() || a.State() != Ready {
			t.Errorf("limit %d: %s", limit, text(t, a))
		}
	}
}

func TestOpenWorkIsBounded(t *testing.T) {
	t.Parallel()
	a := laden(t)
	_, err := Decide(a, ReportWork{By: router, Work: phone(1, WorkActive)}, a.LastAt)
	var refused *Refusal
	if !errors.As(err, &refused) || refused.Code != RefusedTooMuchWork || len(refused.Work) != MaxOpenWork {
		t.Errorf("one more: %v", err)
	}
	play(t, a, ReportWork{By: router, Work: phone(100, WorkWrapUp)}) // what is known may change
	if a = play(t, a, StartSession{By: ada}); len(a.Session.Work) != MaxOpenWork {
		t.Errorf("a new session takes over %d", len(a.Session.Work))
	}
}
