package presence

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the expected results anew")

// frozenFile holds one line for each example of an event: its kind and its
// stored form. Logs are kept for years: a line may be added, none may change.
const frozenFile = "testdata/events.txt"

// examples has every field of every kind set at least once, and left out where
// it may be.
func examples() []Event {
	session := SessionID{UUID{0x31, 0x74, 0x68, 0, 0x16, 0x16, 0x11, 0xf1, 0x80, 0, 1, 15: 1}}
	work := phone(1, WorkActive)
	work.Since = nine
	changes := []Change{
		SessionStarted{Silent: true, Metadata: json.RawMessage(`{"desk":4}`), WorkLimit: 2, Tick: 139_917_852_000_000_000, Fence: 3, Work: []Work{work}},
		SessionStarted{WorkLimit: 1, Tick: 1, Fence: 1},
		StateSet{Intent: Intent{State: NotReady, Reason: lunch}, Repeated: true},
		StateSet{Intent: Intent{State: Ready}},
		LogoutDeferred{Repeated: true},
		LogoutDeferred{},
		DirectionSet{Direction: AgentInitiated, Repeated: true},
		DirectionSet{Direction: Outbound},
		WorkReported{Work: work},
		WorkEnded{Work: work},
		ConnectionChanged{Connection: Silent, HeardAt: nine},
		ConnectionChanged{Connection: Live},
		Held{Reason: ConnectionLost(), HeardAt: nine},
		Released{},
		LeaseTaken{Fence: 4, HeardAt: nine},
		MonitoringStarted{Interaction: call(1)},
		MonitoringEnded{Interaction: call(1)},
		SessionEnded{Code: EndLeaseExpired, HeardAt: nine},
		SessionEnded{Code: EndLoggedOut},
		SessionEnded{Code: EndSuperseded, BySilent: true},
		ConnectionChanged{Connection: Lost, HeardAt: nine, Socket: SocketEvidence{
			ID: SocketID{UUID{0x50, 15: 1}}, Client: "muster-js/1.0", Beat: 7, BeatAt: nine, ClosedAt: nine.Add(time.Second), Closing: ClosedByNetwork,
		}},
		Held{Reason: ConnectionLost(), HeardAt: nine, Socket: SocketEvidence{ID: SocketID{UUID{0x50, 15: 1}}, Beat: 7, BeatAt: nine}},
		SessionEnded{Code: EndLeaseExpired, HeardAt: nine, Socket: SocketEvidence{ID: SocketID{UUID{0x50, 15: 1}}, ClosedAt: nine, Closing: ClosedByClient}},
	}
	var list []Event
	for i, change := range changes {
		by := []Actor{ada, sue, System()}[i%3]
		list = append(list, Event{Version: uint64(i + 1), At: nine, Session: session, By: by, Change: change})
	}
	return list
}

func TestStoredEventsReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, e := range examples() {
		body, err := EncodeEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(e.Change.Kind())+" "+string(body))
	}
	compareFile(t, frozenFile, strings.Join(lines, "\n")+"\n")
}

func TestExamplesHaveEveryKind(t *testing.T) {
	t.Parallel()
	var kinds []Kind
	for _, e := range examples() {
		kinds = append(kinds, e.Change.Kind())
	}
	if difference := cmp.Diff(sorted(everyKind()), sorted(kinds)); difference != "" {
		t.Errorf("- kinds that the log knows, + examples\n%s", difference)
	}
}

// frozen is an example of the stored form of each kind.
func frozen(t rapid.TB) map[Kind]string {
	t.Helper()
	data, err := os.ReadFile(frozenFile)
	if err != nil {
		t.Fatalf("%v", err)
	}
	bodies := map[Kind]string{}
	for line := range strings.Lines(string(data)) {
		kind, body, _ := strings.Cut(strings.TrimSpace(line), " ")
		bodies[Kind(kind)] = body
	}
	return bodies
}

// compareFile holds got against a file of expected results.
func compareFile(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff(slices.Collect(strings.Lines(string(want))), slices.Collect(strings.Lines(got))); difference != "" {
		t.Errorf("%s differs (-want +got); if that is meant, run the test with -update\n%s", path, difference)
	}
}
