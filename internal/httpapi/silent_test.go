package httpapi

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

var silently = map[string]any{"silentMonitoring": true}

func TestSilentSession_NeedsTheRightAndIsAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.unchanged(func() {
		w.post(supervisor, presencePath(north, supervisor)+"/session", silently).refused(api.CodeForbidden, "")
	})
	got := okAs[api.Session](w.post(monitor, presencePath(north, monitor)+"/session", silently))
	if !got.SilentMonitoring || got.Offerable || got.State != "notready" {
		t.Errorf("answered %+v", got)
	}
	entry := w.auditOf(north)[0]
	if entry.Action != "start_silent_session" || entry.Actor != agentID(monitor) || entry.Target != agentID(monitor) {
		t.Errorf("audited: %+v", entry)
	}
}

func TestSilentMonitoringFalse_StartsANormalSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, body := range []any{`{"silentMonitoring": false}`, `{"silentMonitoring": null}`} {
		if got := okAs[api.Session](w.post(agent, presencePath(north, agent)+"/session", body)); got.SilentMonitoring {
			t.Errorf("%s started a silent session", body)
		}
	}
}

// Before, during and after a silent session, everybody but its owner sees the
// same: the session before it, ended.
func TestSilentSession_IsInvisibleToOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(monitor)
	w.setState(monitor, to("offline")).ok()
	before := w.seenOf(monitor)

	w.sessionIn(north, monitor, silently)
	for _, act := range []func(){
		func() { w.setState(monitor, to("ready")).ok() },
		func() { w.setState(monitor, to("notready", "reasonId", lunch)).ok() },
		func() { w.post(monitor, presencePath(north, monitor)+"/heartbeat", nil).ok() },
	} {
		act()
		if diff := cmp.Diff(before, w.seenOf(monitor)); diff != "" {
			t.Errorf("others see (-) before and (+) during the silent session:\n%s", diff)
		}
	}
	if got := okAs[api.PresenceState](w.get(monitor, presencePath(north, monitor))); got.State != "notready" || *got.Reason != "Lunch" || got.Offerable {
		t.Errorf("its owner sees %+v", got)
	}
	if got := okAs[api.Why](w.get(monitor, presencePath(north, monitor)+"/why")); len(got.Chain) < 3 || len(got.Timers) != 3 {
		t.Errorf("its owner is told of %d changes and %d timers", len(got.Chain), len(got.Timers))
	}
	w.unchanged(func() {
		w.post(supervisor, presencePath(north, monitor), to("offline")).refused(api.CodeNoSession, "")
		w.post(supervisor, presencePath(north, monitor)+"/direction", map[string]any{"direction": "outbound"}).refused(api.CodeNoSession, "")
		w.do(programme, "PUT", presencePath(north, monitor)+"/interactions/"+callID, voiceCall).refused(api.CodeNoSession, "")
		w.do(programme, "DELETE", presencePath(north, monitor)+"/interactions/"+callID, nil).refused(api.CodeNoSession, "")
	})
	w.setState(monitor, to("offline")).ok()
	if diff := cmp.Diff(before, w.seenOf(monitor)); diff != "" {
		t.Errorf("others see (-) before and (+) after the silent session:\n%s", diff)
	}
}

// seenOf is everything that a supervisor can read of a person.
func (w *world) seenOf(p person) map[string]any {
	w.tb.Helper()
	seen := map[string]any{}
	for name, path := range map[string]string{
		"presence": presencePath(north, p), "why": presencePath(north, p) + "/why", "intervals": userPath(north, p) + "/intervals",
		"floor": "/v1/tenants/" + north + "/presence",
	} {
		result := w.get(supervisor, path).ok()
		delete(result, "timestamp")
		delete(result, "to")
		seen[name] = result
	}
	return seen
}

// What only its owner may know does not reach others by the explanation of a
// normal session either.
func TestWhy_TellsOthersNothingOfMonitoring(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.call(north, programme, agent, callID)
	w.session(monitor)
	w.caused(north, func() { w.post(monitor, interruptsPath(callID), monitoring()).ok() }, presence.KindMonitoringStarted)
	changes := func(by person) (kinds []string) {
		for _, step := range okAs[api.Why](w.get(by, presencePath(north, monitor)+"/why")).Chain {
			kinds = append(kinds, step.Change)
		}
		return kinds
	}
	wantEqual(t, changes(monitor), []string{"session_started", "monitoring_started"})
	wantEqual(t, changes(supervisor), []string{"session_started"})
}
