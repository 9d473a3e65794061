package httpapi

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

func TestIntervals_TileTheSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		began := api.TimeOf(time.Now())
		id := w.session(agent)
		for _, body := range []any{to("ready"), to("ready"), to("notready", "reasonId", lunch), to("notready", "reasonId", walk), to("ready")} {
			time.Sleep(1500 * time.Millisecond)
			w.setState(agent, body).ok()
		}
		time.Sleep(time.Second)
		w.post(supervisor, presencePath(north, agent), to("offline")).ok()
		ended := api.TimeOf(time.Now())
		time.Sleep(time.Second)

		intervals := w.intervals(supervisor, agent)
		at, length := began, int64(0)
		var states []api.IntervalState
		for _, i := range intervals {
			if i.From != at || i.To == nil || i.DurationMS != int64(*i.To-i.From) || i.SessionID != id {
				t.Errorf("there is a gap at %s: %+v", at, i)
			}
			at, length, states = *i.To, length+i.DurationMS, append(states, i.State)
		}
		wantEqual(t, states, []api.IntervalState{"notready", "ready", "notready", "notready", "ready"})
		if at != ended || length != int64(ended-began) {
			t.Errorf("they end at %s and last %d ms", at, length)
		}
		wantEqual(t, *intervals[0].Reason, "Logged in")
		wantEqual(t, *intervals[2].ReasonID, lunch)
		wantEqual(t, w.intervals(agent, agent), intervals)
	})
}

func TestIntervals_AnOpenOneIsMeasuredUntilNow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.session(agent)
		time.Sleep(2 * time.Second)
		got := okAs[api.Intervals](w.get(agent, userPath(north, agent)+"/intervals"))
		if len(got.Intervals) != 1 || got.Intervals[0].To != nil || got.Intervals[0].DurationMS != 2000 {
			t.Errorf("answered %+v", got)
		}
		// The present day of the tenant, which is in Berlin, so far.
		wantEqual(t, got.From.String()+" "+got.To.String(), "1999-12-31T23:00:00.000Z 2000-01-01T00:00:02.000Z")
	})
}

func TestCounts_AreOfAgentsByState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.session(agent)
		w.session(colleague)
		time.Sleep(time.Second)
		w.setState(agent, to("ready")).ok()
		time.Sleep(2 * time.Second)
		got := okAs[api.Counts](w.get(supervisor, "/v1/tenants/"+north+"/presence/counts?from=2000-01-01T00:00:00Z&to=2000-01-01T01:00:03%2b01:00&step=1000"))
		wantEqual(t, got.StepMS, int64(1000))
		wantEqual(t, got.Points, []api.CountPoint{
			{At: got.From, NotReady: 2}, {At: got.From + 1000, NotReady: 1, Ready: 1}, {At: got.From + 2000, NotReady: 1, Ready: 1},
		})
		until := okAs[api.Counts](w.get(supervisor, "/v1/tenants/"+north+"/presence/counts?from=2000-01-01T00:00:00Z&to=2000-01-01T00:30:00Z&step=1000"))
		wantEqual(t, len(until.Points), 4) // nobody knows who will be there later
		none := okAs[api.Counts](w.get(supervisor, "/v1/tenants/"+north+"/presence/counts?from=2000-01-02T00:00:00Z&to=2000-01-03T00:00:00Z"))
		wantEqual(t, []any{none.From, none.To, len(none.Points)}, []any{api.TimeOf(time.Date(2000, 1, 2, 0, 0, 0, 0, time.UTC)), none.From, 0})
		today := okAs[api.Counts](w.get(supervisor, "/v1/tenants/"+north+"/presence/counts"))
		wantEqual(t, today.StepMS, int64(900_000))
		wantEqual(t, len(today.Points), 5) // an hour of the day is over in Berlin
	})
}

func TestHistory_RefusesTimesThatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	intervals, counts := userPath(north, agent)+"/intervals?", "/v1/tenants/"+north+"/presence/counts?"
	for query, attribute := range map[string]string{
		"from=yesterday": "from", "to=1": "to", "from=2026-02-30T00:00:00.000Z": "from", "from=10000-01-01T00:00:00Z": "from",
		"from=9999-12-31T23:59:59.999Z":                                  "to", // in the future
		"from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z":              "to",
		"from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z":              "to",
		"from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z":              "to",
		"from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59.999Z":          "to",
		"from=" + url.QueryEscape("2026-01-01T00:00:00+01:00") + "&to=x": "to",
		"from=%zz": "",
	} {
		w.get(supervisor, intervals+query).refused(api.CodeBadRequest, attribute)
		w.get(supervisor, counts+query).refused(api.CodeBadRequest, attribute)
	}
	for query, attribute := range map[string]string{
		"step=999": "step", "step=0": "step", "step=-1000": "step", "step=a": "step", "step=9223372036854775807": "step",
		"from=2026-01-01T00:00:00Z&to=2026-01-31T00:00:00Z&step=1000": "step",
	} {
		w.get(supervisor, counts+query).refused(api.CodeBadRequest, attribute)
	}
}

func TestWhy_ExplainsTheStateAndWhatWillFollow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.session(agent)
		time.Sleep(time.Second)
		w.post(supervisor, presencePath(north, agent), to("notready", "reasonId", lunch)).ok()
		time.Sleep(time.Second)
		got := okAs[api.Why](w.get(supervisor, presencePath(north, agent)+"/why"))
		if *got.SessionID != id || got.State != "notready" || got.Since.String() != "2000-01-01T00:00:01.000Z" || len(got.Chain) != 2 {
			t.Fatalf("answered %+v", got)
		}
		step := got.Chain[1]
		wantEqual(t, []any{step.Change, step.Cause, *step.ByID, *step.ByName, step.Rule == nil, string(step.Evidence), step.Text},
			[]any{"state_set", api.Cause("supervisor"), supervisor.id, "Sam Supervisor", true, "null", "The state was set to not ready with the reason Lunch."})
		var timers []string
		for _, timer := range got.Timers {
			timers = append(timers, timer.Rule+" "+timer.At.String())
		}
		wantEqual(t, timers, []string{"connection_silent 2000-01-01T00:00:22.500Z", "connection_lost 2000-01-01T00:01:00.000Z", "lease_expired 2000-01-01T00:05:00.000Z"})

		time.Sleep(61 * time.Second)
		got = okAs[api.Why](w.get(agent, presencePath(north, agent)+"/why"))
		held := got.Chain[len(got.Chain)-1]
		wantEqual(t, []any{held.Change, held.Cause, held.ByID == nil, *held.Rule, string(held.Evidence), len(got.Timers)},
			[]any{"held", api.Cause("system"), true, "connection_lost", `{"lastHeard":"2000-01-01T00:00:00.000Z"}`, 1})

		time.Sleep(5 * time.Minute)
		got = okAs[api.Why](w.get(agent, presencePath(north, agent)+"/why"))
		ended := got.Chain[len(got.Chain)-1]
		wantEqual(t, []any{got.State, got.SessionID == nil, ended.Change, *ended.Rule, len(got.Timers)},
			[]any{api.State("offline"), true, "session_ended", "lease_expired", 0})
	})
}

func TestWhy_OfSomebodyWithoutAPastIsEmpty(t *testing.T) {
	t.Parallel()
	got := okAs[api.Why](newWorld(t).get(agent, presencePath(north, agent)+"/why"))
	if got.Chain == nil || len(got.Chain) != 0 || len(got.Timers) != 0 || got.State != "offline" || got.Since != nil {
		t.Errorf("answered %+v", got)
	}
}
