package desk

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

func press(t *testing.T, s *agentScreen, keys ...terminal.Key) (ask *Request) {
	t.Helper()
	for _, key := range keys {
		asked, quit := s.press(key)
		if quit {
			t.Fatalf("%q leaves the screen", key)
		}
		if asked != nil {
			ask = asked
		}
	}
	return ask
}

func TestAgentScreen_ShowsHowThingsStand(t *testing.T) {
	t.Parallel()
	s := screen(t)
	expectLines(t, "ready", s.lines(80, 24, after(75)), 80, 24)
	expectLines(t, "narrow", s.lines(32, 16, after(75)), 32, 16)
	expectLines(t, "tiny", s.lines(20, 6, after(75)), 20, 6)
}

func TestAgentScreen_ShowsWhatGoesWrong(t *testing.T) {
	t.Parallel()
	s := screen(t)
	lost := ready()
	lost.State, lost.Reason, lost.Cause = api.StateNotReady, pointer("Connection lost"), api.CauseSystem
	lost.Connected, lost.ConnectionSince = false, after(60)
	lost.Work = []api.Work{{Channel: "voice", State: "active", Since: after(20)}, {Channel: "chat", State: "wrapup", Since: after(30)}}
	lost.Pending = &api.Pending{State: api.StateOffline, ByName: "Sam Supervisor"}
	s.told(Told{Event: event(t, after(61), sdk.TopicConnection, sdk.Connection{}), Status: lost})
	s.answered("", nil, problem(sdk.CodeStateRefused, "the state could not be changed: the server does not answer, and says so in more words than fit"))
	expectLines(t, "lost", s.lines(80, 24, after(75)), 80, 24)
}

func TestAgentScreen_AsksForAReason(t *testing.T) {
	t.Parallel()
	s := screen(t)
	press(t, s, 'n', terminal.Down, terminal.Down)
	expectLines(t, "reasons", s.lines(80, 24, after(75)), 80, 24)
	expectLines(t, "reasons_low", s.lines(40, 9, after(75)), 40, 9)
	if diff := cmp.Diff(&Request{Do: DoNotReady, Reason: "r2"}, press(t, s, terminal.Enter)); diff != "" {
		t.Error(diff)
	}
	if s.menu != nil {
		t.Error("the menu is still open")
	}
}

func TestAgentScreen_SaysWhy(t *testing.T) {
	t.Parallel()
	s := screen(t)
	if diff := cmp.Diff(&Request{Do: DoWhy}, press(t, s, 'w')); diff != "" {
		t.Error(diff)
	}
	s.answered("", &api.Why{
		State: api.StateNotReady, Connection: api.ConnectionLive, Truncated: true,
		Chain:  []api.WhyStep{{At: begins, Text: "The state was set to ready."}, {At: after(9), Text: "Sam Supervisor set the state to not ready with the reason Lunch."}},
		Timers: []api.WhyTimer{{At: after(90), Effect: "The system holds the agent not ready with the reason Connection lost."}},
	}, nil)
	expectLines(t, "why", s.lines(60, 24, after(75)), 60, 24)
	press(t, s, 'x')
	if s.why != nil {
		t.Error("a key does not go back")
	}
}

func TestAgentScreen_SendsWhatTheKeysSay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys []terminal.Key
		want *Request
	}{
		{"ready", []terminal.Key{'r'}, &Request{Do: DoReady}},
		{"no reason", []terminal.Key{'n', terminal.Enter}, &Request{Do: DoNotReady}},
		{"a direction", []terminal.Key{'d', terminal.Down, terminal.Enter}, &Request{Do: DoDirection, Direction: api.DirectionOutbound}},
		{"an extension", []terminal.Key{'e', terminal.Down, terminal.Enter}, &Request{Do: DoReady, Extension: "e2"}},
		{"a log-out", []terminal.Key{'l', terminal.Enter}, &Request{Do: DoLogout}},
		{"a second thought", []terminal.Key{'l', terminal.Down, terminal.Enter}, nil},
		{"an escape", []terminal.Key{'n', terminal.Down, terminal.Escape}, nil},
		{"a key of nobody's", []terminal.Key{'z', terminal.Up}, nil},
	} {
		if diff := cmp.Diff(c.want, press(t, screen(t), c.keys...)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestAgentScreen_SendsOneRequestAtATime(t *testing.T) {
	t.Parallel()
	s := screen(t)
	press(t, s, 'r')
	if again := press(t, s, 'r', 'n', terminal.Enter); again != nil {
		t.Errorf("a second was sent: %v", again)
	}
	s.answered("you are ready", nil, nil)
	if again := press(t, s, 'r'); again == nil {
		t.Error("nothing is sent after the answer")
	}
}

func TestAgentScreen_OffersToLeaveOpenWork(t *testing.T) {
	t.Parallel()
	s := screen(t)
	busy := ready()
	busy.Work = []api.Work{{Channel: "voice", State: "active", Since: begins}}
	s.told(Told{Status: busy})
	got := press(t, s, 'l', terminal.End, terminal.Enter)
	if diff := cmp.Diff(&Request{Do: DoLogout, Force: true}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAgentScreen_IsLeftByQuit(t *testing.T) {
	t.Parallel()
	for _, key := range []terminal.Key{'q', terminal.CtrlC, terminal.Escape} {
		if _, quit := screen(t).press(key); !quit {
			t.Errorf("%q does not leave", key)
		}
	}
}

func TestAgentScreen_TakesANewConfiguration(t *testing.T) {
	t.Parallel()
	s := screen(t)
	s.told(Told{Event: event(t, begins, sdk.TopicConfig, api.Config{}), Status: ready()})
	press(t, s, 'e')
	if s.menu != nil || !s.failed {
		t.Error("extensions that are no more are offered")
	}
}

func TestAgentScreen_ShowsTheAnswerUntilTheNextKey(t *testing.T) {
	t.Parallel()
	s := screen(t)
	s.answered("", nil, errors.New("no"))
	if s.message != "no" || !s.failed {
		t.Errorf("shown: %q", s.message)
	}
	s.told(Told{Status: ready()})
	if s.message != "no" {
		t.Errorf("a failure is forgotten: %q", s.message)
	}
	press(t, s, 'z')
	if s.message != "" {
		t.Errorf("still shown: %q", s.message)
	}
	s.answered("you are ready", nil, nil)
	s.told(Told{Status: ready()})
	if s.message != "" {
		t.Errorf("shown beside what is newer: %q", s.message)
	}
}
