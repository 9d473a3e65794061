package httpapi

import (
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func TestDirection_ChangesInEveryState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.session(agent)
	for _, direction := range []string{"outbound", "agent-initiated", "inbound", "inbound"} {
		w.setState(agent, to("ready")).ok()
		w.caused(north, func() {
			got := w.post(agent, presencePath(north, agent)+"/direction", map[string]any{"direction": direction, "sessionId": id, "initiatorId": agent.id}).ok()
			if got["direction"] != direction || got["state"] != "ready" || got["sessionId"] != id {
				t.Errorf("answered %v", got)
			}
		}, presence.KindDirectionSet)
	}
}

// For oneself one right is needed, for others another.
func TestDirection_OfOthersIsAnotherRightThanOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own, body := w.session(supervisor), map[string]any{"direction": "outbound"}
	w.session(agent)
	w.session(monitor)
	w.unchanged(func() {
		w.post(monitor, presencePath(north, monitor)+"/direction", body).refused(api.CodeForbidden, "")
		w.post(agent, presencePath(north, monitor)+"/direction", body).refused(api.CodeForbidden, "")
	})
	body["sessionId"] = own
	got := w.post(supervisor, presencePath(north, monitor)+"/direction", body).ok()
	if got["direction"] != "outbound" || got["supervisorId"] != supervisor.id {
		t.Errorf("answered %v", got)
	}
}

func TestDirection_RefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	path := presencePath(north, agent) + "/direction"
	w.unchanged(func() {
		for _, body := range []any{nil, "{}", `{"direction": null}`, `{"direction": "up"}`, `{"direction": ""}`} {
			w.post(agent, path, body).refused(api.CodeBadRequest, "direction")
		}
		w.post(agent, path, `{"direction": 1}`).refused(api.CodeBadJSON, "direction")
		w.post(agent, path, `{"direction": "inbound", "sessionId": "x"}`).refused(api.CodeBadRequest, "sessionId")
		w.post(colleague, presencePath(north, colleague)+"/direction", `{"direction": "inbound"}`).refused(api.CodeNoSession, "")
	})
}
