package history_test

import (
	"bytes"
	"cmp"
	"log/slog"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

// nine is a time to begin at.
const nine presence.Instant = 1_772_442_000_000 // 2026-03-02T09:00:00Z

var (
	north = presence.TenantID{UUID: presence.UUID{1}}
	south = presence.TenantID{UUID: presence.UUID{2}}

	ann        = presence.AgentID{UUID: presence.UUID{3}}
	annInNorth = presence.Key{Tenant: north, Agent: ann}

	byAnn = presence.Actor{Cause: presence.ByAgent, ID: ann, Name: "Ann"}
	bySue = presence.Actor{Cause: presence.BySupervisor, ID: presence.AgentID{UUID: presence.UUID{4}}, Name: "Sue"}

	lunch = presence.Reason{Name: "Lunch", ID: presence.ReasonID{UUID: presence.UUID{5}}, List: presence.ReasonListID{UUID: presence.UUID{6}}}

	begins = presence.StartSession{By: byAnn, WorkLimit: 1}
	ready  = presence.GoReady{By: byAnn, HasExtension: true}
	ends   = presence.GoOffline{By: byAnn, Force: true}

	limits = presence.Limits{Silent: 10 * time.Second, NotReady: time.Minute, End: 5 * time.Minute}
)

// at is a command some time after nine.
type at struct {
	after   time.Duration
	command presence.Command
}

func (a at) step() storetest.Step {
	return storetest.Step{Now: nine.Add(a.after), Command: func(presence.Agent) presence.Command { return a.command }}
}

// silentFor is a command that tells of a silence that began after nine.
func silentFor(silence, heard time.Duration) func(presence.Agent) presence.Command {
	return func(a presence.Agent) presence.Command {
		return presence.Elapse{Fence: a.Fence, Silence: silence, HeardAt: nine.Add(heard), Limits: limits}
	}
}

// record makes the changes of a life; steps that change nothing make none.
func record(recorder *storetest.Recorder, key presence.Key, life []storetest.Step) []store.Change {
	var changes []store.Change
	for _, step := range life {
		if change, ok := recorder.Record(key, step.Command(recorder.Agent(key)), step.Now); ok {
			changes = append(changes, change)
		}
	}
	return changes
}

// foldAll folds an agent's changes and returns all intervals, the open one last.
func foldAll(changes []store.Change) []store.Interval {
	var all []store.Interval
	var open *store.Interval
	for _, change := range changes {
		for _, r := range change.Records {
			var closed []store.Interval
			closed, open = history.Fold(open, r)
			all = append(all, closed...)
		}
	}
	if open != nil {
		all = append(all, *open)
	}
	return all
}

// stored returns all of a tenant's intervals in the store.
func stored(t testing.TB, s store.Intervals, tenant presence.TenantID) []store.Interval {
	t.Helper()
	var all []store.Interval
	err := s.IntervalsOfTenant(t.Context(), tenant, -1<<62, 1<<62, func(i store.Interval) bool {
		all = append(all, i)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return arranged(all)
}

func arranged(intervals []store.Interval) []store.Interval {
	intervals = slices.Clone(intervals)
	slices.SortFunc(intervals, func(a, b store.Interval) int {
		return cmp.Or(bytes.Compare(a.Key.Agent.UUID[:], b.Key.Agent.UUID[:]), cmp.Compare(a.From, b.From))
	})
	return intervals
}

func commit(t testing.TB, s *memory.Store, changes ...store.Change) {
	t.Helper()
	if err := s.Commit(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

func catchUp(t testing.TB, p *history.Projector, tenant presence.TenantID) {
	t.Helper()
	if err := p.CatchUp(t.Context(), tenant); err != nil {
		t.Fatal(err)
	}
}

func newProjector(log store.Log, intervals store.Intervals) *history.Projector {
	return history.NewProjector(log, intervals, slog.New(slog.DiscardHandler))
}

// difference compares; nil and empty slices say the same.
func difference(want, got any) string {
	return gocmp.Diff(want, got, cmpopts.EquateEmpty(), gocmp.AllowUnexported(span{}))
}
