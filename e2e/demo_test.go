package e2e

import (
	"regexp"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// floorSights are what a supervisor of the demo's floor sees sooner or later.
type floorSights struct {
	most           int // the most sessions at once
	live           int // the most of them that had a connection that answers
	ready, wrapup  bool
	offered, onAir bool
}

func (f *floorSights) all() bool {
	return f.most >= 12 && f.live >= 12 && f.ready && f.offered && f.onAir && f.wrapup
}

// TestDemo_BringsAFloorToLife looks at the demo's floor as a supervisor does,
// until agents have logged in and gone through whole calls, wrap-up included,
// and at the server's log for requests that it failed.
func TestDemo_BringsAFloorToLife(t *testing.T) {
	t.Parallel()
	s := start(t, "demo", "--listen", "127.0.0.1:0", "--metrics-listen", "none",
		"--agents", "24", "--changes-per-second", "20", "--seed", "1", "--log-level", "debug")
	supervisor := logIn(t, s, "supervisor@demo.example", "Demo")
	var seen floorSights
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	patience := time.After(time.Minute) // on an idle machine it takes seconds
	for !seen.all() {
		select {
		case <-again.C:
		case <-patience:
			t.Fatalf("this is all that was seen in a minute: %+v", seen)
		}
		floor, err := ask[api.FloorPage](supervisor, "GET", "tenants/"+supervisor.tenant+"/presence?limit=1000", nil)
		must(t, err)
		seen.note(floor.Rows)
	}
	expectNone(t, `(?m)^.*msg="request failed".*$`, s.log.tail(1<<20)) // answers of 500 and above
	s.stop()
	if state := s.command.ProcessState; !state.Success() {
		t.Errorf("the demo ended with %s", state)
	}
	expectNone(t, `(?m)^.*(level=ERROR|panic|goroutine ).*$`, s.log.tail(1<<20))
}

func expectNone(t *testing.T, pattern, log string) {
	t.Helper()
	if lines := regexp.MustCompile(pattern).FindAllString(log, 5); lines != nil {
		t.Errorf("the log has %q", lines)
	}
}

// note takes down what a look at the floor shows.
func (f *floorSights) note(rows []api.FloorRow) {
	sessions, live := 0, 0
	for _, row := range rows {
		if row.SessionID != nil {
			sessions++
			if row.Connection == api.ConnectionLive {
				live++
			}
		}
		f.ready = f.ready || row.State == api.StateReady
		for _, work := range row.Work {
			switch work.State {
			case api.WorkStateOffered:
				f.offered = true
			case api.WorkStateActive:
				f.onAir = true
			case api.WorkStateWrapUp:
				f.wrapup = true
			}
		}
	}
	f.most, f.live = max(f.most, sessions), max(f.live, live)
}
