package storetest

import (
	"errors"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Durable checks what a store keeps beyond the process. Open opens the store in
// a folder, and makes it there when the folder is empty; it closes it when the
// test ends, if the test has not.
func Durable(t *testing.T, open func(t testing.TB, folder string) Closable) {
	for _, test := range []struct {
		promise string
		check   func(t *testing.T, open func() Closable)
	}{
		{"what was committed is there after the store was opened again", keepsCommitted},
		{"the epoch is the same after the store was opened again", keepsEpoch},
		{"intervals and their place are there after the store was opened again", keepsIntervals},
		{"a closed store is unavailable", closedIsUnavailable},
	} {
		t.Run(test.promise, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			test.check(t, func() Closable { return open(t, folder) })
		})
	}
}

func keepsCommitted(t *testing.T, open func() Closable) {
	r := NewRecorder()
	s := open()
	filled(t, s)
	change := r.must(t, annInNorth, begins, nine)
	change.Receipts = []store.Receipt{receipt(1)}
	change.Audit = []store.AuditEntry{entry(northTenant, nine)}
	mustCommit(t, s, change)
	note(t, s, store.Heard{Key: annInNorth, Fence: 1, At: nine + 1})
	mustClose(t, s)

	s = open()
	wantSame(t, "agent", store.Stored{Key: annInNorth, Agent: r.Agent(annInNorth), Receipts: change.Receipts, HeardAt: nine + 1},
		get[store.Stored](t)(s.Agent(t.Context(), annInNorth)))
	wantLive(t, s, r, annInNorth)
	wantSame(t, "records", change.Records, get[[]store.Record](t)(s.Records(t.Context(), northTenant, 0, 9)))
	wantPage(t, s, northTenant, 0, 9, change.Audit...)
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor}, annsRow(r.Agent(annInNorth)))
	r.commit(t, s, annInNorth, nine+2, presence.GoReady{By: byAnn, HasExtension: true}) // and everything goes on
	wantStale(t, s, change)
}

func keepsEpoch(t *testing.T, open func() Closable) {
	s := open()
	want := get[store.Position](t)(s.Head(t.Context(), northTenant)).Epoch
	mustClose(t, s)
	if got := get[store.Position](t)(open().Head(t.Context(), northTenant)).Epoch; got != want {
		t.Errorf("epoch %s, want %s", got, want)
	}
}

func keepsIntervals(t *testing.T, open func() Closable) {
	s := open()
	logBoth(t, s)
	closed, opened := interval(annInNorth, nine, nine+5), interval(annInNorth, nine+5, 0)
	opened.UnvouchedSince = nine + 6
	project(t, s, store.Projection{UpTo: 2, Closed: []store.Interval{closed}, Opened: []store.Interval{opened}})
	mustClose(t, s)

	s = open()
	wantProjected(t, s, northTenant, 2)
	wantOpen(t, s, northTenant, opened)
	wantOfAgent(t, s, annInNorth, nine, nine+9, closed, opened)
}

func closedIsUnavailable(t *testing.T, open func() Closable) {
	s := open()
	logBoth(t, s)
	mustClose(t, s)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"Live":          func() error { return second(s.Live(ctx)) },
		"Agent":         func() error { return second(s.Agent(ctx, annInNorth)) },
		"Commit":        func() error { return s.Commit(ctx, []store.Change{NewRecorder().must(t, annInNorth, begins, nine)}) },
		"NoteHeard":     func() error { return s.NoteHeard(ctx, []store.Heard{{Key: annInNorth, Fence: 1, At: nine}}) },
		"Head":          func() error { return second(s.Head(ctx, northTenant)) },
		"Records":       func() error { return second(s.Records(ctx, northTenant, 0, 1)) },
		"Record":        func() error { return second(s.Record(ctx, northTenant, 1)) },
		"LatestOfAgent": func() error { return second(s.LatestOfAgent(ctx, annInNorth, 1)) },
		"LoggedTenants": func() error { return second(s.LoggedTenants(ctx)) },
		"FloorRows": func() error {
			_, _, err := s.FloorRows(ctx, northTenant, store.FloorQuery{Limit: 1})
			return err
		},
		"Projected":        func() error { return second(s.Projected(ctx, northTenant)) },
		"OpenIntervals":    func() error { return second(s.OpenIntervals(ctx, northTenant)) },
		"Project":          func() error { return s.Project(ctx, store.Projection{Tenant: northTenant, UpTo: 1}) },
		"IntervalsOfAgent": func() error { return second(s.IntervalsOfAgent(ctx, annInNorth, nine, nine+1)) },
		"IntervalsOfTenant": func() error {
			return s.IntervalsOfTenant(ctx, northTenant, nine, nine+1, func(store.Interval) bool { return true })
		},
	} {
		err := call()
		var unavailable *store.Unavailable
		if !errors.Is(err, store.ErrUnavailable) || !errors.As(err, &unavailable) {
			t.Errorf("%s: %v, want %v with its cause", name, err, store.ErrUnavailable)
			continue
		}
		if unavailable.Reason == "" || unavailable.Hint == "" {
			t.Errorf("%s: an unavailable store says no reason or hint: %v", name, err)
		}
	}
}

func mustClose(t testing.TB, s Closable) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
}
