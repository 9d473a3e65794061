package httpapi

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func TestWork_MakesTheAgentBusy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.session(agent)
		w.setState(agent, to("ready")).ok()
		path := presencePath(north, agent) + "/interactions/" + callID
		time.Sleep(time.Second)
		want := api.Work{InteractionID: callID, Channel: "voice", Direction: "inbound", State: "active", Since: api.TimeOf(time.Now())}
		records := w.caused(north, func() {
			wantEqual(t, okAs[api.Work](w.do(programme, http.MethodPut, path, voiceCall)), want)
		}, presence.KindWorkReported)
		// A program reports it; that is neither the agent's own doing nor a supervisor's.
		wantEqual(t, records[0].Event.By, presence.Actor{Cause: presence.BySystem, ID: agentID(programme), Name: "Robin Router"})
		time.Sleep(time.Second)
		w.caused(north, func() { // the same again changes nothing
			wantEqual(t, okAs[api.Work](w.do(programme, http.MethodPut, path, voiceCall)), want)
		})
		if got := okAs[api.PresenceState](w.get(agent, presencePath(north, agent))); got.Offerable || got.State != "ready" {
			t.Errorf("an agent with a call is %+v", got)
		}
		w.caused(north, func() {
			wantEqual(t, okAs[api.Work](w.do(programme, http.MethodDelete, path, nil)), want)
		}, presence.KindWorkEnded)
		w.caused(north, func() {
			if got := okAs[*api.Work](w.do(programme, http.MethodDelete, path, nil)); got != nil {
				t.Errorf("ended again, it answers %+v", got)
			}
		})
		if !okAs[api.PresenceState](w.get(agent, presencePath(north, agent))).Offerable {
			t.Error("without work the agent is not offered any")
		}
	})
}

func TestWork_WithoutASessionIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := presencePath(north, agent) + "/interactions/" + callID
	w.unchanged(func() {
		w.do(programme, http.MethodPut, path, voiceCall).refused(api.CodeNoSession, "")
		w.do(programme, http.MethodDelete, path, nil).refused(api.CodeNoSession, "")
	})
}

func TestWork_RefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	path := presencePath(north, agent) + "/interactions/"
	long := `{"channel": "0123456789012345678901234567890123456789012345678901234567890123456789", "direction": "inbound", "state": "active"}`
	w.unchanged(func() {
		for body, attribute := range map[string]string{
			`{"channel": null, "direction": "inbound", "state": "active"}`: "channel",
			`{"channel": "", "direction": "inbound", "state": "active"}`:   "channel",
			long: "channel",
			`{"channel": "voice", "direction": null, "state": "active"}`:       "direction",
			`{"channel": "voice", "direction": "sideways", "state": "active"}`: "direction",
			`{"channel": "voice", "direction": "inbound"}`:                     "state",
		} {
			w.do(programme, http.MethodPut, path+callID, body).refused(api.CodeBadRequest, attribute)
		}
		w.do(programme, http.MethodPut, path+callID, `{"channel": "voice", "direction": "inbound", "state": "ended"}`).refused(api.CodeUnknownState, "state")
		w.do(programme, http.MethodPut, path+"call-1", voiceCall).refused(api.CodeBadRequest, "interactionId")
		w.do(programme, http.MethodDelete, path+"call-1", nil).refused(api.CodeBadRequest, "interactionId")
	})
}

// A call goes on while the browser reloads.
func TestWork_IsTakenOverByTheNextSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.call(north, programme, agent, callID)
	w.session(agent)
	f := w.setState(agent, to("offline")).refused(api.CodeWorkOpen, "")
	if len(f.Work) != 1 {
		t.Errorf("lists %+v", f.Work)
	}
}
