package httpapi

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func TestSupervisor_ChangesAnothersStateAndIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own, id := w.session(supervisor), w.session(agent)
	path := presencePath(north, agent)
	// Desktops send the supervisor's own session along: the agent's live one is meant.
	for _, session := range []any{own, id, nil} {
		records := w.caused(north, func() {
			got := w.post(supervisor, path, to("notready", "sessionId", session, "reasonId", walk)).ok()
			if got["supervisorId"] != supervisor.id || got["supervisorName"] != "Sam Supervisor" || got["sessionId"] != id || got["cause"] != "supervisor" {
				t.Errorf("answered %v", got)
			}
		}, presence.KindStateSet)
		if by := records[0].Event.By; by.ID != agentID(supervisor) || by.Cause != presence.BySupervisor {
			t.Errorf("done by %+v", by)
		}
	}
	w.unchanged(func() {
		w.post(supervisor, path, to("notready", "sessionId", no)).refused(api.CodeSessionEnded, "")
	})
}

// The supervisor stands in the answer to the change and in its event, not in
// what is read later, and not in the agent's own next answer.
func TestSupervisor_IsNotNamedAfterwards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	path := presencePath(north, agent)
	w.post(supervisor, path, to("ready")).ok()
	for _, r := range []reply{w.get(agent, path), w.get(supervisor, path), w.post(agent, path, to("ready")), w.post(agent, path, to("notready"))} {
		got := r.ok()
		if got["supervisorId"] != nil || got["supervisorName"] != nil {
			t.Errorf("%s names the supervisor: %v", r.request, got)
		}
	}
}

func TestSupervisor_EndsAnothersSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.session(agent)
	w.caused(north, func() {
		got := w.post(supervisor, presencePath(north, agent), to("offline")).ok()
		if got["endCode"] != "supervisor" || got["sessionId"] != id || got["supervisorId"] != supervisor.id {
			t.Errorf("answered %v", got)
		}
	}, presence.KindSessionEnded)
	w.post(supervisor, presencePath(north, agent), to("offline")).refused(api.CodeNoSession, "")
	w.setState(agent, to("offline", "sessionId", id)).refused(api.CodeSessionEnded, "")
}

func TestSupervisor_IsAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	path := presencePath(north, agent)
	for _, c := range []struct {
		path, action string
		body         map[string]any
		details      map[string]any
	}{
		{path, "set_state", to("ready"), map[string]any{"state": "ready"}},
		{path, "set_state", to("notready"), map[string]any{"state": "notready"}},
		{path, "set_state", to("notready", "reasonId", walk), map[string]any{"state": "notready", "reason": "Walk", "reasonId": walk}},
		{path + "/direction", "set_direction", map[string]any{"direction": "outbound"}, map[string]any{"direction": "outbound"}},
		{path, "set_state", to("offline", "forceLogout", true), map[string]any{"state": "offline", "forceLogout": true}},
	} {
		w.post(supervisor, c.path, c.body).ok()
		entry := w.auditOf(north)[0]
		var details map[string]any
		if err := json.Unmarshal(entry.Details, &details); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.details, details); diff != "" || entry.Action != c.action || entry.Actor != agentID(supervisor) || entry.Target != agentID(agent) || entry.RequestID == "" {
			t.Errorf("%v was audited as %+v\n%s", c.body, entry, diff)
		}
	}
}

// What agents do to themselves is no matter of the audit, and ids in a body
// grant nothing.
func TestActor_IsAlwaysTheTokensUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	before := len(w.auditOf(north))
	body := map[string]any{"direction": "outbound", "state": "ready", "initiatorId": supervisor.id, "resourceId": supervisor.id, "supervisorId": supervisor.id}
	for _, path := range []string{"", "/direction"} {
		records := w.caused(north, func() { w.post(agent, presencePath(north, agent)+path, body).ok() },
			map[string]presence.Kind{"": presence.KindStateSet, "/direction": presence.KindDirectionSet}[path])
		if by := records[0].Event.By; by.ID != agentID(agent) || by.Cause != presence.ByAgent {
			t.Errorf("done by %+v", by)
		}
	}
	if got := len(w.auditOf(north)); got != before {
		t.Errorf("%d entries were added to the audit", got-before)
	}
	w.session(colleague)
	w.unchanged(func() {
		w.post(agent, presencePath(north, colleague), to("ready", "initiatorId", supervisor.id)).refused(api.CodeForbidden, "")
	})
}
