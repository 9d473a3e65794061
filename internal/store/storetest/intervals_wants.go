package storetest

import (
	"bytes"
	"cmp"
	"slices"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// logBoth logs something of Ann and Bob, so that there is somebody to have
// intervals: two records in the north and one in the south.
func logBoth(t testing.TB, s Store) {
	t.Helper()
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	r.commit(t, s, bobInNorth, nine, begins)
	r.commit(t, s, annInSouth, nine, begins)
}

func interval(key presence.Key, from, to presence.Instant) store.Interval {
	return store.Interval{
		Key: key, Session: presence.SessionID{UUID: presence.UUID{15: 1}}, From: from, To: to,
		State: store.IntervalNotReady, Direction: presence.Inbound, Cause: presence.ByAgent,
	}
}

// project writes a projection; it is the north's if it says nothing else.
func project(t testing.TB, s store.Intervals, p store.Projection) {
	t.Helper()
	if p.Tenant.IsZero() {
		p.Tenant = northTenant
	}
	if err := s.Project(t.Context(), p); err != nil {
		t.Fatalf("project: %v", err)
	}
}

func wantProjected(t testing.TB, s store.Intervals, tenant presence.TenantID, want store.Seq) {
	t.Helper()
	if got := get[store.Seq](t)(s.Projected(t.Context(), tenant)); got != want {
		t.Errorf("projected up to %d, want %d", got, want)
	}
}

func wantOpen(t testing.TB, s store.Intervals, tenant presence.TenantID, want ...store.Interval) {
	t.Helper()
	wantSame(t, "open intervals", arranged(want), arranged(get[[]store.Interval](t)(s.OpenIntervals(t.Context(), tenant))))
}

func wantOfAgent(t testing.TB, s store.Intervals, key presence.Key, from, to presence.Instant, want ...store.Interval) {
	t.Helper()
	wantSame(t, "intervals of the agent", want, get[[]store.Interval](t)(s.IntervalsOfAgent(t.Context(), key, from, to)))
}

func wantOfTenant(t testing.TB, s store.Intervals, tenant presence.TenantID, from, to presence.Instant, want ...store.Interval) {
	t.Helper()
	wantSame(t, "intervals of the tenant", arranged(want), ofTenant(t, s, tenant, from, to))
}

func ofTenant(t testing.TB, s store.Intervals, tenant presence.TenantID, from, to presence.Instant) []store.Interval {
	t.Helper()
	var got []store.Interval
	err := s.IntervalsOfTenant(t.Context(), tenant, from, to, func(i store.Interval) bool {
		got = append(got, i)
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return arranged(got)
}

// arranged brings intervals that come in no order into one.
func arranged(intervals []store.Interval) []store.Interval {
	intervals = slices.Clone(intervals)
	slices.SortFunc(intervals, func(a, b store.Interval) int {
		return cmp.Or(bytes.Compare(a.Key.Agent.UUID[:], b.Key.Agent.UUID[:]), cmp.Compare(a.From, b.From))
	})
	return intervals
}
