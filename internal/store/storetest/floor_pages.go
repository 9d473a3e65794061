package storetest

import (
	"slices"
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func pagesFloor(t *testing.T, s Store) {
	const agents = 7
	team(t, s, northTenant, agents)
	r := NewRecorder()
	for n := 0; n < agents; n += 2 {
		r.commit(t, s, numbered(northTenant, n), nine, begins)
	}
	for _, query := range []store.FloorQuery{{}, {State: presence.NotReady}, {State: presence.Offline}, {State: presence.Ready}} {
		query.Limit = wholeFloor
		whole := floor(t, s, northTenant, query)
		for limit := 1; limit <= agents+1; limit++ {
			query.Limit = limit
			wantSame(t, "pages", whole, pages(t, s, northTenant, query))
		}
	}
}

func pagesWhileChanging(t *testing.T, s Store) {
	team(t, s, northTenant, 6)
	r := NewRecorder()
	first, next, err := s.FloorRows(t.Context(), northTenant, store.FloorQuery{Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{5, 0, 3} {
		r.commit(t, s, numbered(northTenant, n), nine, begins)
	}
	second := floor(t, s, northTenant, store.FloorQuery{Limit: 3, After: next})
	var seen []presence.AgentID
	for _, row := range slices.Concat(first, second) {
		seen = append(seen, row.AgentID)
	}
	var want []presence.AgentID
	for n := range 6 {
		want = append(want, numbered(northTenant, n).Agent)
	}
	wantSame(t, "agents", want, seen)
}

func ordersFloor(t *testing.T, s Store) {
	contents := floorOf(northTenant)
	for _, n := range []int{4, 1, 3} { // each in a directory of its own, since one has no order
		join(contents, northTenant, numbered(northTenant, n).Agent, "")
		mustApply(t, s, directory.Diff(load(t, s), contents))
	}
	var got []presence.AgentID
	for _, row := range floor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor}) {
		got = append(got, row.AgentID)
	}
	wantSame(t, "agents", []presence.AgentID{
		numbered(northTenant, 4).Agent, numbered(northTenant, 1).Agent, numbered(northTenant, 3).Agent,
	}, got)
}

// pages returns the rows of all pages of a query.
func pages(t testing.TB, s store.Floor, tenant presence.TenantID, query store.FloorQuery) []store.FloorRow {
	t.Helper()
	var all []store.FloorRow
	for {
		rows, next, err := s.FloorRows(t.Context(), tenant, query)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
		if next == "" {
			return all
		}
		if len(rows) != query.Limit {
			t.Fatalf("a page of %d rows has another one after it, the limit being %d", len(rows), query.Limit)
		}
		if len(all) > wholeFloor {
			t.Fatalf("the pages do not end: the last one went on from %q to %q", query.After, next)
		}
		query.After = next
	}
}
