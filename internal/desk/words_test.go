package desk

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

func TestLasts_ReadsLikeAClock(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		-time.Second: "0:00", 0: "0:00", 7 * time.Second: "0:07", 12*time.Minute + 34*time.Second: "12:34", time.Hour + 2*time.Minute + 3*time.Second: "1:02:03",
		30 * time.Hour: "30:00:00",
	} {
		if got := Lasts(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func TestSay_TellsPeopleWhatHappened(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		topic    sdk.Topic
		response any
		want     string
	}{
		{sdk.TopicStarted, api.Session{}, "the session has begun"},
		{sdk.TopicState, sdk.StateChange{State: "ready"}, "you are ready"},
		{sdk.TopicState, sdk.StateChange{State: "notready", Reason: pointer("Lunch")}, "you are not ready: Lunch"},
		{sdk.TopicState, sdk.StateChange{State: "notready", SupervisorName: "Sam"}, "Sam set you not ready"},
		{sdk.TopicState, sdk.StateChange{State: "notready", Reason: pointer("Connection lost"), Cause: "system"}, "the system set you not ready: Connection lost"},
		{sdk.TopicState, sdk.StateChange{State: "ready", Pending: &api.Pending{State: "offline", ByName: "Sam"}}, "log-out waits for open work, wanted by Sam"},
		{sdk.TopicDirection, sdk.DirectionChange{Direction: "outbound"}, "your direction is outbound"},
		{sdk.TopicDirection, sdk.DirectionChange{Direction: "outbound", SupervisorName: "Sam"}, "Sam set your direction to outbound"},
		{sdk.TopicWork, api.WorkChangeMessage{Channel: "voice", State: "offered"}, "voice is offered to you"},
		{sdk.TopicWork, api.WorkChangeMessage{Channel: "voice", State: "active"}, "voice has begun"},
		{sdk.TopicWork, api.WorkChangeMessage{Channel: "voice", State: "wrapup"}, "voice is over, wrap-up"},
		{sdk.TopicWork, api.WorkChangeMessage{Channel: "voice", State: "ended"}, "voice is done"},
		{sdk.TopicConnection, sdk.Connection{Connected: true}, "the connection is back"},
		{sdk.TopicConnection, sdk.Connection{}, "the connection is lost"},
		{sdk.TopicEnded, sdk.Ended{EndCode: "revoked"}, "the session has ended: your right to be here was taken back"},
		{sdk.TopicEnded, sdk.Ended{SupervisorName: "Sam"}, "Sam ended your session"},
		{sdk.TopicExtension, sdk.ExtensionList{ActiveExtension: &extensions()[1]}, "your extension is +15551230001 (pstn)"},
		{sdk.TopicExtension, sdk.ExtensionList{}, ""},
		{sdk.TopicHeartbeat, api.HeartbeatResponse{}, ""},
		{sdk.TopicStateAsked, api.PresenceState{State: "ready"}, ""},
		{sdk.TopicState, "not what it should be", ""},
	} {
		if got := Say(event(t, begins, c.topic, c.response)); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.topic, c.response, got, c.want)
		}
	}
}

func TestSay_TellsErrorsThatNobodyIsAnsweredWith(t *testing.T) {
	t.Parallel()
	gone := &sdk.Error{Code: sdk.CodeSessionGone, Message: "the session is gone", Data: sdk.ErrorData{APIResponse: &sdk.APIResponse{Status: 409}}}
	if got, want := Say(Event{Topic: sdk.TopicHeartbeat, Error: gone}), "the session is gone: another session of yours began elsewhere"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := Say(Event{Topic: sdk.TopicTokenExpired, Error: &sdk.Error{Message: "the token has expired"}}), "the token has expired"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Say(Event{Topic: sdk.TopicStateAsked, Error: &sdk.Error{Message: "refused"}}); got != "" {
		t.Errorf("the caller is told, and so is everybody: %q", got)
	}
}

func TestSayLine_LetsNoNameControlTheTerminal(t *testing.T) {
	t.Parallel()
	line := SayLine(event(t, begins, sdk.TopicState, sdk.StateChange{State: "ready", SupervisorName: "\x1b]0;x\a\nEve"}), time.UTC)
	if strings.ContainsAny(strings.TrimSuffix(line, "\n"), "\x1b\a\n") {
		t.Errorf("%q", line)
	}
}

func TestSayStatus_TellsHowThingsStand(t *testing.T) {
	t.Parallel()
	status := ready()
	status.Cause, status.SupervisorName = api.CauseSupervisor, "Sam Supervisor"
	want := `Avery Agent is ready since 14:03:12, for 1:15
  set by      Sam Supervisor
  direction   inbound
  extension   avery-browser (webrtc, Browser)
  connection  live
  work        none
  tenant      Demo at https://muster.example/v1/
`
	if diff := cmp.Diff(want, SayStatus(status, time.UTC)); diff != "" {
		t.Error(diff)
	}
	want = `nobody is logged in at the desk agent
  last        avery@demo.example, until 2025-11-26 14:03:12: you logged out
`
	ended := Status{Desk: "agent", Ended: &Ending{At: begins, Username: "avery@demo.example", Text: "you logged out"}}
	if diff := cmp.Diff(want, SayStatus(ended, time.UTC)); diff != "" {
		t.Error(diff)
	}
}

func TestSayState_IsASentence(t *testing.T) {
	t.Parallel()
	for want, state := range map[string]api.PresenceState{
		"you are ready":            {State: "ready"},
		"you are not ready: Lunch": {State: "notready", Reason: pointer("Lunch")},
		"you are logged out":       {State: "offline"},
		"you will be logged out when your open work is done": {State: "notready", Pending: &api.Pending{State: "offline"}},
	} {
		if got := SayState(state); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestProblemOf_SaysWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	answer := func(status int, failure, body string) *sdk.APIResponse {
		return &sdk.APIResponse{Status: status, Body: sdk.ResponseBody{StatusText: "x", Failure: failure, Response: json.RawMessage(body)}}
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("plain"), "plain"},
		{&sdk.Error{Code: 2004, Message: "the state could not be changed"}, "the state could not be changed"},
		{&sdk.Error{Code: 2004, Message: "refused", Data: sdk.ErrorData{APIResponse: answer(403, "forbidden", `{"error":{"message":"You may not."}}`)}}, "refused: You may not."},
		{&sdk.Error{Code: 3000, Message: "no token", Data: sdk.ErrorData{APIResponse: answer(0, "network", "null")}}, "the server does not answer"},
		{&sdk.Error{Code: 4000, Message: "work is active", Data: sdk.ErrorData{ActiveInteractions: []api.Work{{Channel: "voice", State: "active"}}}}, "work is active (voice active)"},
		{&sdk.Error{Code: 2005, Message: "take one", Data: sdk.ErrorData{ValidExtensions: extensions()}}, "take one: avery-browser, +15551230001"},
		{&sdk.Error{Code: 1003, Message: "invalid", Data: sdk.ErrorData{Problems: "x must be a uuid"}}, "invalid: x must be a uuid"},
	} {
		p := ProblemOf(c.err)
		if p.Text != c.want || p.Err == nil {
			t.Errorf("%q, want %q", p.Text, c.want)
		}
		if again := ProblemOf(p); again != p {
			t.Error("a problem is made one again")
		}
	}
}
