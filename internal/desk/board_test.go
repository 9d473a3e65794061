package desk

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// board in a session that has begun.
func begun() *board {
	b := newBoard()
	b.identify(func(a *Agent) { a.Username, a.Name = "avery@demo.example", "Avery Agent" })
	b.take("agent", sdk.Event{Topic: sdk.TopicConfig, Response: api.Config{Extensions: extensions(), ActiveExtension: &extensions()[1]}}, begins)
	b.take("agent", sdk.Event{Topic: sdk.TopicStarted, Response: api.Session{
		SessionID: pointer("s1"), StartedAt: begins, State: api.StateNotReady, Reason: pointer("Logged in"), Direction: api.DirectionInbound, Cause: api.CauseSystem,
	}}, begins)
	return b
}

func TestBoard_GathersWhatEventsTell(t *testing.T) {
	t.Parallel()
	b := begun()
	for _, e := range []sdk.Event{
		{Topic: sdk.TopicState, Response: sdk.StateChange{State: "ready", StateSince: pointer(after(1)), Direction: "inbound", Cause: "agent"}},
		{Topic: sdk.TopicDirection, Response: sdk.DirectionChange{State: "ready", Direction: "outbound", AvailableStates: []api.State{"ready"}}},
		{Topic: sdk.TopicWork, Response: api.WorkChangeMessage{InteractionID: "i2", Channel: "chat", State: "offered", Since: after(3)}},
		{Topic: sdk.TopicWork, Response: api.WorkChangeMessage{InteractionID: "i1", Channel: "voice", State: "active", Since: after(2)}},
		{Topic: sdk.TopicWork, Response: api.WorkChangeMessage{InteractionID: "i2", Channel: "chat", State: "ended", Since: after(4)}},
		{Topic: sdk.TopicConnection, Response: sdk.Connection{Connected: false, Since: after(5)}},
		{Topic: sdk.TopicStateAsked, Response: api.PresenceState{State: "notready"}}, // an answer is no news
	} {
		if ending := b.take("agent", e, after(6)); ending != nil {
			t.Fatalf("%s ends the session: %+v", e.Topic, ending)
		}
	}
	want := Status{LoggedIn: true, Desk: "agent", Agent: &Agent{
		Username: "avery@demo.example", Name: "Avery Agent", SessionID: "s1", StartedAt: begins,
		State: "ready", StateSince: pointer(after(1)), Direction: "outbound", AvailableStates: []api.State{"ready"}, Cause: "agent",
		Extension: &extensions()[1], Work: []api.Work{{InteractionID: "i1", Channel: "voice", State: "active", Since: after(2)}},
		Connected: false, ConnectionSince: after(5), Now: after(7),
	}}
	if diff := cmp.Diff(want, b.status("agent", after(7))); diff != "" {
		t.Error(diff)
	}
}

func TestBoard_NoticesEveryEndOnce(t *testing.T) {
	t.Parallel()
	gone := func(status int) *sdk.Error {
		return &sdk.Error{Code: sdk.CodeSessionGone, Data: sdk.ErrorData{APIResponse: &sdk.APIResponse{Status: status, Body: sdk.ResponseBody{Response: json.RawMessage("null")}}}}
	}
	for _, c := range []struct {
		event sdk.Event
		want  Ending
	}{
		{sdk.Event{Topic: sdk.TopicEnded, Response: sdk.Ended{EndCode: "logged_out"}}, Ending{Code: "logged_out", Text: "you logged out"}},
		{sdk.Event{Topic: sdk.TopicEnded, Response: sdk.Ended{EndCode: "supervisor", SupervisorName: "Sam"}}, Ending{Code: "supervisor", Text: "Sam ended the session"}},
		{sdk.Event{Topic: sdk.TopicHeartbeat, Err: gone(409)}, Ending{Code: "session_gone", Text: "another session of yours began elsewhere"}},
		{sdk.Event{Topic: sdk.TopicHeartbeat, Err: gone(404)}, Ending{Code: "session_gone", Text: "the server heard nothing of this desk for too long"}},
	} {
		b := begun()
		c.want.At, c.want.Username = after(1), "avery@demo.example"
		ending := b.take("agent", c.event, after(1))
		b.take("agent", sdk.Event{Topic: sdk.TopicEnded, Response: sdk.Ended{EndCode: "revoked"}}, after(2))
		if diff := cmp.Diff(&c.want, ending); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(Status{Desk: "agent", Ended: &c.want}, b.status("agent", after(3))); diff != "" {
			t.Error(diff)
		}
	}
}

func TestBoard_CutsASlowWatcherOff(t *testing.T) {
	t.Parallel()
	b := begun()
	_, slow := b.watch("agent", begins)
	_, quick := b.watch("agent", begins)
	for range mostWaiting + 1 {
		b.take("agent", sdk.Event{Topic: sdk.TopicHeartbeat, Response: api.HeartbeatResponse{}}, after(1))
		<-quick
	}
	told := 0
	for range slow { // ends, because it was cut off
		told++
	}
	if told != mostWaiting {
		t.Errorf("%d events before the cut, want %d", told, mostWaiting)
	}
	b.close()
	if _, open := <-quick; open {
		t.Error("a watcher is not let go")
	}
}

func TestBoard_KeepsTheLastEventsForLaterWatchers(t *testing.T) {
	t.Parallel()
	b := begun()
	for i := range 2 * recentEvents {
		b.take("agent", sdk.Event{Topic: sdk.TopicState, Response: sdk.StateChange{State: "ready"}}, after(i))
		b.take("agent", sdk.Event{Topic: sdk.TopicHeartbeat, Response: api.HeartbeatResponse{}}, after(i)) // nothing for people
	}
	opening, _ := b.watch("agent", begins)
	if n := len(opening.Recent); n != recentEvents || opening.Recent[n-1].At != after(2*recentEvents-1) {
		t.Errorf("%d events, the last at %v", n, opening.Recent[n-1].At)
	}
}

func TestStatus_IsOneObjectForScripts(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(ready())
	if err != nil {
		t.Fatal(err)
	}
	var back Status
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ready(), back); diff != "" {
		t.Error(diff)
	}
	if text, err = json.Marshal(Status{Desk: "agent"}); err != nil || string(text) != `{"loggedIn":false,"desk":"agent"}` {
		t.Errorf("%s, %v", text, err)
	}
}
