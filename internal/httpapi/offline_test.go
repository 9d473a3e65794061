package httpapi

import (
	"net/http"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

var voiceCall = map[string]any{"channel": "voice", "direction": "inbound", "state": "active"}

// call reports an open call of the person.
func (w *world) call(tenant string, by, p person, id string) {
	w.tb.Helper()
	w.do(by, http.MethodPut, presencePath(tenant, p)+"/interactions/"+id, voiceCall).ok()
}

func TestOffline_EndsTheSessionOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.session(agent)
	w.caused(north, func() {
		got := w.setState(agent, to("offline", "sessionId", id)).ok()
		if got["state"] != "offline" || got["sessionId"] != id || got["endCode"] != "logged_out" || got["reason"] != nil || got["cause"] != "agent" {
			t.Errorf("answered %v", got)
		}
	}, presence.KindSessionEnded)
	w.unchanged(func() {
		w.setState(agent, to("offline", "sessionId", id)).refused(api.CodeSessionEnded, "")
		w.setState(agent, to("offline")).refused(api.CodeNoSession, "")
		w.setState(agent, to("ready", "sessionId", id)).refused(api.CodeSessionEnded, "")
	})
	got := w.get(agent, presencePath(north, agent)).ok()
	if got["sessionId"] != nil || got["endCode"] != "logged_out" || got["stateSince"] == nil {
		t.Errorf("afterwards: %v", got)
	}
}

func TestOffline_WithOpenWorkIsRefusedAndListsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.call(north, programme, agent, callID)
	w.unchanged(func() {
		f := w.setState(agent, to("offline")).refused(api.CodeWorkOpen, "")
		if len(f.Work) != 1 || f.Work[0].InteractionID != callID || f.Work[0].Channel != "voice" {
			t.Errorf("lists %+v", f.Work)
		}
	})
	w.caused(north, func() {
		if got := w.setState(agent, to("offline", "forceLogout", true)).ok(); got["state"] != "offline" {
			t.Errorf("answered %v", got)
		}
	}, presence.KindSessionEnded)
}

func TestOffline_WaitsForOpenWorkWhereTheTenantChoseSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := presencePath(east, agent)
	w.sessionIn(east, agent, nil)
	w.call(east, supervisor, agent, callID)
	w.caused(east, func() {
		got := okAs[api.PresenceState](w.post(agent, path, to("offline")))
		if got.Pending == nil || got.State != "notready" || got.Pending.State != "offline" || got.Pending.ByID != agent.id || got.Pending.ByName != "Avery Agent" {
			t.Errorf("answered %+v, pending %+v", got, got.Pending)
		}
	}, presence.KindLogoutDeferred)
	w.caused(east, func() {
		if got := okAs[api.PresenceState](w.post(agent, path, to("ready"))); got.Pending != nil || got.State != "ready" {
			t.Errorf("the next own request did not replace it: %+v", got)
		}
	}, presence.KindStateSet)
	w.post(agent, path, to("offline")).ok()
	w.caused(east, func() {
		w.do(supervisor, http.MethodDelete, path+"/interactions/"+callID, nil).ok()
	}, presence.KindWorkEnded, presence.KindSessionEnded)
	if got := okAs[api.PresenceState](w.get(agent, path)); got.State != "offline" || got.EndCode != "logged_out" {
		t.Errorf("afterwards: %+v", got)
	}
}
