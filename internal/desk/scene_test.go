package desk

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

var update = flag.Bool("update", false, "write the expected screens anew")

// begins is 14:03:12 on a Wednesday.
const begins api.Time = 1764165792000

func after(seconds int) api.Time { return begins + api.Time(seconds*1000) }

func pointer[T any](value T) *T { return &value }

// lists are those of an agent: the system's, breaks with a category, work without, and one that nobody uses any more.
func lists() []api.ReasonList {
	return []api.ReasonList{
		{ID: "l0", Name: systemList, Active: true, Reasons: []api.Reason{{ReasonID: "r0", Name: "Logged in", Active: true, Hierarchy: []string{systemList}}}},
		{ID: "l1", Name: "Breaks", Active: true, Reasons: []api.Reason{
			{ReasonID: "r2", Name: "Short break", Active: true, SortOrder: 2, Hierarchy: []string{"Breaks"}},
			{ReasonID: "r1", Name: "Lunch", Active: true, SortOrder: 1, Hierarchy: []string{"Breaks"}},
			{ReasonID: "r3", Name: "Fax", Active: false, SortOrder: 3, Hierarchy: []string{"Breaks"}},
		}},
		{ID: "l2", Name: "Work", Active: true, Reasons: []api.Reason{
			{ReasonID: "r4", Name: "Meeting", Active: true, SortOrder: 1, Hierarchy: []string{"Work"}},
			{ReasonID: "r5", Name: "Lunch", Active: true, SortOrder: 2, Hierarchy: []string{"Work"}},
			{ReasonID: "r1", Name: "Lunch", Active: true, SortOrder: 3, Hierarchy: []string{"Breaks"}},
		}},
		{ID: "l3", Name: "Old", Active: false, Reasons: []api.Reason{{ReasonID: "r6", Name: "Smoke", Active: true, Hierarchy: []string{"Old"}}}},
	}
}

func extensions() []api.Extension {
	return []api.Extension{{ID: "e1", Type: "webrtc", Value: "avery-browser", Description: "Browser"}, {ID: "e2", Type: "pstn", Value: "+15551230001"}}
}

func ready() Status {
	return Status{LoggedIn: true, Desk: "agent", Agent: &Agent{
		Server: "https://muster.example/v1/", Username: "avery@demo.example", Name: "Avery Agent", TenantName: "Demo",
		State: api.StateReady, StateSince: pointer(begins), Direction: api.DirectionInbound, Cause: api.CauseAgent,
		Extension: &extensions()[0], Connected: true, ConnectionSince: begins, Work: []api.Work{}, Now: after(75),
	}}
}

func event(t *testing.T, at api.Time, topic sdk.Topic, response any) Event {
	t.Helper()
	text, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return Event{At: at, Topic: topic, Response: text}
}

// screen is an agent's screen in the middle of a day.
func screen(t *testing.T) *agentScreen {
	t.Helper()
	s := &agentScreen{in: time.UTC}
	s.open(Opening{Status: ready(), Config: api.Config{Extensions: extensions(), ReasonLists: lists()}, Recent: []Event{
		event(t, after(-3600), sdk.TopicStarted, api.Session{}),
		event(t, after(-60), sdk.TopicState, sdk.StateChange{State: "notready", Reason: pointer("Lunch"), SupervisorName: "Sam Supervisor"}),
		event(t, begins, sdk.TopicState, sdk.StateChange{State: "ready"}),
	}})
	return s
}

// expectLines compares a screen with the file of that name.
func expectLines(t *testing.T, name string, lines []terminal.Line, columns, rows int) {
	t.Helper()
	if len(lines) > rows {
		t.Errorf("%s: %d lines on a screen of %d", name, len(lines), rows)
	}
	var text strings.Builder
	for _, line := range lines {
		text.WriteString(strings.TrimRight(terminal.Cut(line.String(), columns), " ") + "\n")
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
