package httpapi

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func to(state string, more ...any) map[string]any {
	body := map[string]any{"state": state}
	for i := 0; i < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// setState asks for a state of oneself in North.
func (w *world) setState(p person, body any, headers ...string) reply {
	w.tb.Helper()
	return w.post(p, presencePath(north, p), body, headers...)
}

func TestReady_HasNoReasonAndIsOffered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.session(agent)
		time.Sleep(time.Second)
		var got map[string]any
		w.caused(north, func() {
			got = w.setState(agent, to("ready", "sessionId", id, "reason", nil, "reasonId", nil, "reasonListId", nil, "forceLogout", nil)).ok()
		}, presence.KindStateSet)
		want := map[string]any{
			"state": "ready", "sessionId": id, "resourceId": agent.id, "reason": nil, "reasonId": nil, "reasonListId": nil,
			"direction": "inbound", "availableStates": []any{"ready", "notready", "offline"}, "stateSince": "2000-01-01T00:00:01.000Z",
			"directionSince": "2000-01-01T00:00:00.000Z", "offerable": true, "connection": "live", "pending": nil, "cause": "agent",
			"timestamp": "2000-01-01T00:00:01.000Z",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReady_NeedsAnActiveExtension(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(unreachable)
	w.unchanged(func() { w.setState(unreachable, to("ready")).refused(api.CodeNoExtension, "") })
}

func TestSetState_WithoutASessionIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.unchanged(func() {
		for _, state := range []string{"ready", "notready", "offline"} {
			w.setState(agent, to(state)).refused(api.CodeNoSession, "")
			w.setState(agent, to(state, "sessionId", no)).refused(api.CodeSessionEnded, "")
		}
	})
}

func TestSetState_RefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.unchanged(func() {
		for _, body := range []any{nil, "null", "{}", `{"state": null}`, `{"state": ""}`} {
			w.setState(agent, body).refused(api.CodeBadRequest, "state")
		}
		for _, state := range []string{"READY", "not-ready", "busy", "ready "} {
			w.setState(agent, to(state)).refused(api.CodeUnknownState, "state")
		}
		w.setState(agent, to("ready", "sessionId", "mine")).refused(api.CodeBadRequest, "sessionId")
		w.setState(agent, to("ready", "sessionId", no)).refused(api.CodeSessionEnded, "")
		w.setState(agent, to("offline", "forceLogout", "yes")).refused(api.CodeBadJSON, "forceLogout")
	})
}

// A request that repeats state and reason is answered and pushed, and leaves
// everything else as it was.
func TestSetState_RepeatedChangesNothingButTheLog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.session(agent)
		for _, body := range []any{to("notready", "reason", "Logged in"), to("notready", "reasonId", lunch), to("ready")} {
			time.Sleep(time.Second)
			before := okAs[api.PresenceState](w.setState(agent, body))
			time.Sleep(time.Second)
			intervals := len(w.intervals(agent, agent))
			records := w.caused(north, func() {
				after := okAs[api.PresenceState](w.setState(agent, body))
				after.Timestamp = before.Timestamp
				if diff := cmp.Diff(before, after); diff != "" {
					t.Errorf("first (-) and repeated (+):\n%s", diff)
				}
			}, presence.KindStateSet)
			if !records[0].Event.Change.(presence.StateSet).Repeated {
				t.Error("the event does not say that it repeats")
			}
			if got := len(w.intervals(agent, agent)); got != intervals {
				t.Errorf("%d intervals became %d", intervals, got)
			}
		}
	})
}

func TestGetPresence_WithoutASessionIsOffline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		want := map[string]any{
			"state": "offline", "sessionId": nil, "resourceId": agent.id, "reason": nil, "reasonId": nil, "reasonListId": nil,
			"direction": "inbound", "availableStates": []any{}, "stateSince": nil, "directionSince": nil, "offerable": false,
			"connection": "lost", "pending": nil, "cause": "system", "timestamp": "2000-01-01T00:00:00.000Z",
		}
		for _, by := range []person{agent, supervisor} {
			if diff := cmp.Diff(want, w.get(by, presencePath(north, agent)).ok()); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestGetPresence_NamesTheLiveSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.session(agent)
	w.caused(north, func() {
		for _, by := range []person{agent, supervisor} {
			if got := okAs[api.PresenceState](w.get(by, presencePath(north, agent))); *got.SessionID != id || *got.Reason != "Logged in" {
				t.Errorf("%s sees %+v", by.username, got)
			}
		}
	})
}
