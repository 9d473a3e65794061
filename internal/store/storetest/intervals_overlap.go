package storetest

import (
	"testing"

	"github.com/muster-presence/muster/internal/store"
)

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
