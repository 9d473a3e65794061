package storetest

import (
	"errors"
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
