package httpapi

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// session starts a session of the person in North and answers its id.
func (w *world) session(p person) string {
	w.tb.Helper()
	return w.sessionIn(north, p, nil)
}

func (w *world) sessionIn(tenant string, p person, body any) string {
	w.tb.Helper()
	return *okAs[api.Session](w.post(p, presencePath(tenant, p)+"/session", body)).SessionID
}

func TestStartSession_AnswersTheSessionAsTheContractSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var got map[string]any
		w.caused(north, func() {
			got = w.post(agent, presencePath(north, agent)+"/session", "null").ok()
		}, presence.KindSessionStarted)
		id, _ := got["sessionId"].(string)
		if uuid(id).Version() != 1 {
			t.Errorf("the session's id %s is not made of time", id)
		}
		const now = "2000-01-01T00:00:00.000Z"
		want := map[string]any{
			"sessionId": id, "resourceId": agent.id, "tenantId": north, "state": "notready",
			"reason": "Logged in", "reasonId": presence.LoggedIn().ID.String(), "reasonListId": presence.SystemListID.String(),
			"direction": "inbound", "availableStates": []any{"ready", "notready", "offline"},
			"startedAt": now, "stateSince": now, "directionSince": now, "timestamp": now,
			"offerable": false, "connection": "live", "pending": nil, "cause": "agent", "causeCode": "logged_in",
			"silentMonitoring": false, "metadata": nil,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestStartSession_KeepsTheMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.post(agent, presencePath(north, agent)+"/session", `{"metadata": {"tab": [1, "é"]}, "silentMonitoring": null, "unknown": {}}`).ok()
	if diff := cmp.Diff(map[string]any{"tab": []any{1.0, "é"}}, got["metadata"]); diff != "" {
		t.Error(diff)
	}
	w.unchanged(func() {
		path := presencePath(north, agent) + "/session"
		w.post(agent, path, `{"metadata": {"a": "`+strings.Repeat("x", maxMetadata)+`"}}`).refused(api.CodeBadRequest, "metadata")
		for _, wrong := range []string{`5`, `"text"`, `[]`, `true`} {
			w.post(agent, path, `{"metadata": `+wrong+`}`).refused(api.CodeBadJSON, "metadata")
		}
	})
}

func TestStartSession_SupersedesTheOneBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.session(agent)
	w.caused(north, func() { w.session(agent) }, presence.KindSessionEnded, presence.KindSessionStarted)
	named := map[string]any{"sessionId": old, "state": "ready", "direction": "outbound"}
	path := presencePath(north, agent)
	w.unchanged(func() {
		w.post(agent, path+"/heartbeat", named).refused(api.CodeSessionSuperseded, "")
		w.post(agent, path, named).refused(api.CodeSessionSuperseded, "")
		w.post(agent, path+"/direction", named).refused(api.CodeSessionSuperseded, "")
		named["state"] = "offline" // clients take a 404 as "logged out already"
		w.post(agent, path, named).refused(api.CodeSessionEnded, "")
	})
	w.sessionIn(east, agent, nil) // another tenant, another session
	if w.sessionOf(north, agent) == nil {
		t.Error("the session in another tenant ended this one")
	}
}

func TestHeartbeat_SaysWhenTheNextIsDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.session(agent)
	for _, body := range []any{nil, "null", "{}", `{"sessionId": null}`, map[string]any{"sessionId": strings.ToUpper(id)}} {
		w.caused(north, func() {
			if got := okAs[api.HeartbeatResponse](w.post(agent, presencePath(north, agent)+"/heartbeat", body)); got.HeartbeatDelay != 15 {
				t.Errorf("the next is due after %v s", got.HeartbeatDelay)
			}
		})
	}
	w.post(colleague, presencePath(north, colleague)+"/heartbeat", nil).refused(api.CodeNoSession, "")
	w.post(colleague, presencePath(north, colleague)+"/heartbeat", map[string]any{"sessionId": no}).refused(api.CodeSessionEnded, "")
}

// Silence is told step by step, and who comes back in time finds everything as
// it was.
func TestSilence_DecaysInStepsAndIsTakenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		path := presencePath(east, agent)
		w.sessionIn(east, agent, nil)
		w.post(agent, path, map[string]any{"state": "ready"}).ok()
		look := func() api.PresenceState { return okAs[api.PresenceState](w.get(supervisor, path)) }
		if s := look(); !s.Offerable || s.Connection != api.Connection(presence.Live) {
			t.Fatalf("a ready agent: %+v", s)
		}
		time.Sleep(3 * time.Second) // more than twice the delay of a second
		if s := look(); s.Offerable || s.State != api.State(presence.Ready) || s.Connection != api.Connection(presence.Silent) {
			t.Errorf("after 3 s of silence: %+v", s)
		}
		time.Sleep(8 * time.Second)
		if s := look(); s.State != api.State(presence.NotReady) || *s.Reason != "Connection lost" || s.Cause != api.Cause(presence.BySystem) || s.CauseCode != "connection_lost" {
			t.Errorf("after 11 s of silence: %+v", s)
		}
		w.post(agent, path+"/heartbeat", nil).ok()
		if s := look(); s.State != api.State(presence.Ready) || !s.Offerable || s.CauseCode != "connection_restored" {
			t.Errorf("heard again: %+v", s)
		}
		time.Sleep(31 * time.Second)
		if s := look(); s.State != api.State(presence.Offline) || s.EndCode != api.EndCode(presence.EndLeaseExpired) {
			t.Errorf("after 31 s of silence: %+v", s)
		}
		w.post(agent, path+"/heartbeat", nil).refused(api.CodeNoSession, "")
	})
}

var wireTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// Every time in an answer has the one spelling that old clients can read.
func TestTimes_AreWrittenInOneWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	var walk func(name string, value any)
	walk = func(name string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for key, inner := range value {
				walk(key, inner)
			}
		case []any:
			for _, inner := range value {
				walk(name, inner)
			}
		case string:
			isTime := strings.HasSuffix(name, "Since") || strings.HasSuffix(name, "At") || name == "timestamp" || name == "at" || name == "from" || name == "to" || name == "since"
			if isTime && !wireTime.MatchString(value) {
				t.Errorf("%s is %q", name, value)
			}
		}
	}
	for _, path := range []string{presencePath(north, agent), presencePath(north, agent) + "/why", userPath(north, agent) + "/intervals"} {
		var body any
		if err := json.Unmarshal(w.get(agent, path).body, &body); err != nil {
			t.Fatal(err)
		}
		walk("", body)
	}
}
