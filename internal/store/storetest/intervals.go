package storetest

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Intervals checks an adapter of [store.Intervals]. It writes intervals that
// fold no records; their meaning is a matter of package history.
func Intervals(t *testing.T, open Open) {
	holds(t, open, []sentence{
		{"before the first record nothing is projected", nothingProjected},
		{"what is projected is read as it was written", readsProjected},
		{"the place moves with the intervals", movesPlace},
		{"a projection from another place is stale and leaves no trace", refusesProjection},
		{"a projection without intervals moves the place", movesPlaceAlone},
		{"an open interval is replaced by itself, closed", closesInterval},
		{"an open interval is replaced by itself, in doubt", doubtsInterval},
		{"an open interval that is dropped is gone", dropsInterval},
		{"another interval may begin where one was dropped", beginsWhereDropped},
		{"an interval may be opened and closed in one projection", opensAndCloses},
		{"open intervals are those of the tenant that have not ended", listsOpen},
		{"an agent's intervals of a time are those that overlap it, rising", overlapsOfAgent},
		{"a tenant's intervals of a time are those that overlap it", overlapsOfTenant},
		{"reading a tenant's intervals stops when asked to", stopsReading},
		{"of several projectors at once one wins and the others are stale", oneProjectorWins},
		{"whatever is projected, the model answers the same", projectsLikeModel},
	})
}

func nothingProjected(t *testing.T, s Store) {
	wantProjected(t, s, northTenant, 0)
	wantOpen(t, s, northTenant)
	wantOfAgent(t, s, annInNorth, nine, nine+10)
	wantOfTenant(t, s, northTenant, nine, nine+10)
	logBoth(t, s)
	wantProjected(t, s, northTenant, 0)
	wantOpen(t, s, northTenant)
}

func readsProjected(t *testing.T, s Store) {
	logBoth(t, s)
	closed := interval(annInNorth, nine, nine+7)
	closed.Reason = presence.LoggedIn()
	closed.Direction, closed.Cause = presence.AgentInitiated, presence.BySupervisor
	unknown := interval(annInNorth, nine+7, nine+8)
	unknown.State, unknown.Cause = store.IntervalUnknown, presence.BySystem
	opened := interval(annInNorth, nine+8, 0)
	opened.State, opened.UnvouchedSince = store.IntervalReady, nine+9
	opened.Reason = presence.Reason{Name: "a reason without ids"}
	project(t, s, store.Projection{UpTo: 1, Closed: []store.Interval{closed, unknown}, Opened: []store.Interval{opened}})
	wantOfAgent(t, s, annInNorth, nine, nine+100, closed, unknown, opened)
	wantOpen(t, s, northTenant, opened)
}

func movesPlace(t *testing.T, s Store) {
	logBoth(t, s)
	project(t, s, store.Projection{UpTo: 1, Opened: []store.Interval{interval(annInNorth, nine, 0)}})
	wantProjected(t, s, northTenant, 1)
	wantProjected(t, s, southTenant, 0)
	project(t, s, store.Projection{After: 1, UpTo: 2, Opened: []store.Interval{interval(bobInNorth, nine, 0)}})
	wantProjected(t, s, northTenant, 2)
}

func refusesProjection(t *testing.T, s Store) {
	logBoth(t, s)
	kept := interval(annInNorth, nine, 0)
	project(t, s, store.Projection{UpTo: 1, Opened: []store.Interval{kept}})
	for _, after := range []store.Seq{0, 2} {
		err := s.Project(t.Context(), store.Projection{Tenant: northTenant, After: after, UpTo: 2,
			Opened: []store.Interval{interval(bobInNorth, nine, 0)}, Dropped: []store.Interval{kept}})
		if !errors.Is(err, store.ErrStale) {
			t.Errorf("projection after %d: %v, want %v", after, err, store.ErrStale)
		}
	}
	wantProjected(t, s, northTenant, 1)
	wantOpen(t, s, northTenant, kept)
}

func movesPlaceAlone(t *testing.T, s Store) {
	logBoth(t, s)
	project(t, s, store.Projection{UpTo: 2})
	wantProjected(t, s, northTenant, 2)
}

func closesInterval(t *testing.T, s Store) {
	logBoth(t, s)
	project(t, s, store.Projection{UpTo: 1, Opened: []store.Interval{interval(annInNorth, nine, 0)}})
	closed, next := interval(annInNorth, nine, nine+5), interval(annInNorth, nine+5, 0)
	project(t, s, store.Projection{After: 1, UpTo: 2, Closed: []store.Interval{closed}, Opened: []store.Interval{next}})
	wantOfAgent(t, s, annInNorth, nine, nine+9, closed, next)
	wantOpen(t, s, northTenant, next)
}

func doubtsInterval(t *testing.T, s Store) {
	logBoth(t, s)
	opened := interval(annInNorth, nine, 0)
	project(t, s, store.Projection{UpTo: 1, Opened: []store.Interval{opened}})
	opened.UnvouchedSince = nine + 3
	project(t, s, store.Projection{After: 1, UpTo: 2, Opened: []store.Interval{opened}})
	wantOpen(t, s, northTenant, opened)
}

func dropsInterval(t *testing.T, s Store) {
	logBoth(t, s)
	dropped, kept := interval(annInNorth, nine, 0), interval(bobInNorth, nine, 0)
	project(t, s, store.Projection{UpTo: 1, Opened: []store.Interval{dropped, kept}})
	project(t, s, store.Projection{After: 1, UpTo: 2, Dropped: []store.Interval{dropped}})
	wantOpen(t, s, northTenant, kept)
	wantOfAgent(t, s, annInNorth, nine, nine+9)
}

func beginsWhereDropped(t *testing.T, s Store) {
	logBoth(t, s)
	dropped := interval(annInNorth, nine, 0)
	project(t, s, store.Projection{UpTo: 1, Opened: []store.Interval{dropped}})
	closed, next := interval(annInNorth, nine, nine+2), interval(annInNorth, nine+2, 0)
	closed.State = store.IntervalReady
	project(t, s, store.Projection{After: 1, UpTo: 2,
		Dropped: []store.Interval{dropped}, Closed: []store.Interval{closed}, Opened: []store.Interval{next}})
	wantOfAgent(t, s, annInNorth, nine, nine+9, closed, next)
}

func opensAndCloses(t *testing.T, s Store) {
	logBoth(t, s)
	first, second := interval(annInNorth, nine, nine+2), interval(annInNorth, nine+2, nine+3)
	project(t, s, store.Projection{UpTo: 2, Closed: []store.Interval{first, second}})
	wantOfAgent(t, s, annInNorth, nine, nine+9, first, second)
	wantOpen(t, s, northTenant)
}

func listsOpen(t *testing.T, s Store) {
	logBoth(t, s)
	north, bobs := interval(annInNorth, nine, 0), interval(bobInNorth, nine+1, 0)
	project(t, s, store.Projection{UpTo: 1, Closed: []store.Interval{interval(bobInNorth, nine, nine+1)}, Opened: []store.Interval{north, bobs}})
	south := interval(annInSouth, nine, 0)
	project(t, s, store.Projection{Tenant: southTenant, UpTo: 1, Opened: []store.Interval{south}})
	wantOpen(t, s, northTenant, north, bobs)
	wantOpen(t, s, southTenant, south)
}

// overlapping projects a row of intervals: [0, 10), [10, 20), a gap, [30, 40)
// and one open from 40.
func overlapping(t *testing.T, s Store) (first, second, third, last store.Interval) {
	t.Helper()
	logBoth(t, s)
	first, second = interval(annInNorth, nine, nine+10), interval(annInNorth, nine+10, nine+20)
	third, last = interval(annInNorth, nine+30, nine+40), interval(annInNorth, nine+40, 0)
	project(t, s, store.Projection{UpTo: 1, Closed: []store.Interval{third, first, second}, Opened: []store.Interval{last}})
	project(t, s, store.Projection{Tenant: southTenant, UpTo: 1, Opened: []store.Interval{interval(annInSouth, nine, 0)}})
	return first, second, third, last
}

func overlapsOfAgent(t *testing.T, s Store) {
	first, second, third, last := overlapping(t, s)
	wantOfAgent(t, s, annInNorth, nine-5, nine) // ends where the first begins
	wantOfAgent(t, s, annInNorth, nine-5, nine+1, first)
	wantOfAgent(t, s, annInNorth, nine, nine+10, first)
	wantOfAgent(t, s, annInNorth, nine+9, nine+11, first, second)
	wantOfAgent(t, s, annInNorth, nine+10, nine+11, second)
	wantOfAgent(t, s, annInNorth, nine+12, nine+13, second) // within it
	wantOfAgent(t, s, annInNorth, nine+20, nine+30)         // the gap
	wantOfAgent(t, s, annInNorth, nine+19, nine+31, second, third)
	wantOfAgent(t, s, annInNorth, nine+39, nine+41, third, last)
	wantOfAgent(t, s, annInNorth, nine+1000, nine+1001, last)
	wantOfAgent(t, s, annInNorth, nine-5, nine+1000, first, second, third, last)
	wantOfAgent(t, s, bobInNorth, nine-5, nine+1000)
}

func overlapsOfTenant(t *testing.T, s Store) {
	first, second, third, last := overlapping(t, s)
	bobs := interval(bobInNorth, nine+5, nine+35)
	project(t, s, store.Projection{After: 1, UpTo: 2, Closed: []store.Interval{bobs}})
	wantOfTenant(t, s, northTenant, nine-5, nine)
	wantOfTenant(t, s, northTenant, nine, nine+5, first)
	wantOfTenant(t, s, northTenant, nine+9, nine+11, first, second, bobs)
	wantOfTenant(t, s, northTenant, nine+10, nine+20, second, bobs)
	wantOfTenant(t, s, northTenant, nine+20, nine+30, bobs)
	wantOfTenant(t, s, northTenant, nine+30, nine+35, third, bobs)
	wantOfTenant(t, s, northTenant, nine+35, nine+40, third)
	wantOfTenant(t, s, northTenant, nine+40, nine+41, last)
	wantOfTenant(t, s, northTenant, nine-5, nine+1000, first, second, third, last, bobs)
}

func stopsReading(t *testing.T, s Store) {
	overlapping(t, s)
	calls := 0
	err := s.IntervalsOfTenant(t.Context(), northTenant, nine, nine+1000, func(store.Interval) bool {
		calls++
		return calls < 2
	})
	if err != nil || calls != 2 {
		t.Errorf("%d calls, %v; want 2", calls, err)
	}
}

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
