package storetest

import (
	"errors"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

func oneProjectorWins(t *testing.T, s Store) {
	logBoth(t, s)
	const projectors = 6
	var errs [projectors]error
	var group sync.WaitGroup
	for i := range projectors {
		group.Go(func() {
			errs[i] = s.Project(t.Context(), store.Projection{Tenant: northTenant, UpTo: 1,
				Opened: []store.Interval{interval(annInNorth, nine+presence.Instant(i), 0)}})
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, store.ErrStale) {
			t.Errorf("a loser gets %v", err)
		}
	}
	open := get[[]store.Interval](t)(s.OpenIntervals(t.Context(), northTenant))
	if won != 1 || len(open) != 1 {
		t.Errorf("%d projectors won, and %d intervals are open", won, len(open))
	}
}

// projectsLikeModel projects random rows of intervals of some agents and asks
// for random times.
func projectsLikeModel(t *testing.T, s Store) {
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		model := memory.New()
		tenant := presence.TenantID{UUID: presence.UUID{0x23, 14: byte(round >> 8), 15: byte(round)}}
		w := newWeaver(t, tenant, s, model)
		for range rapid.IntRange(1, 4).Draw(r, "projections") {
			p := w.draw(r)
			project(t, s, p)
			project(t, model, p)
		}
		agree(r, "open intervals", arranged(get[[]store.Interval](t)(model.OpenIntervals(t.Context(), tenant))),
			arranged(get[[]store.Interval](t)(s.OpenIntervals(t.Context(), tenant))))
		for range 4 {
			from := nine + presence.Instant(rapid.IntRange(-10, 120).Draw(r, "from"))
			to := from + presence.Instant(rapid.IntRange(1, 60).Draw(r, "long"))
			agree(r, "intervals of the tenant", ofTenant(t, model, tenant, from, to), ofTenant(t, s, tenant, from, to))
			for _, key := range w.keys {
				agree(r, "intervals of an agent", get[[]store.Interval](t)(model.IntervalsOfAgent(t.Context(), key, from, to)),
					get[[]store.Interval](t)(s.IntervalsOfAgent(t.Context(), key, from, to)))
			}
		}
	})
}

// weaver makes projections as a projector does: each agent's intervals follow on
// each other, with gaps where it was offline.
type weaver struct {
	tenant presence.TenantID
	keys   []presence.Key
	open   map[presence.Key]store.Interval
	now    presence.Instant
	place  store.Seq
}

func newWeaver(t testing.TB, tenant presence.TenantID, stores ...Store) *weaver {
	w := &weaver{tenant: tenant, open: make(map[presence.Key]store.Interval), now: nine}
	recorder := NewRecorder()
	for n := range 3 {
		key := numbered(tenant, n)
		w.keys = append(w.keys, key)
		change := recorder.must(t, key, begins, nine)
		for _, s := range stores {
			mustCommit(t, s, change)
		}
	}
	return w
}

func (w *weaver) draw(r *rapid.T) store.Projection {
	p := store.Projection{Tenant: w.tenant, After: w.place, UpTo: w.place + 1}
	w.place++
	touched := make(map[presence.Key]bool)
	for range rapid.IntRange(0, 6).Draw(r, "intervals") {
		w.now += presence.Instant(rapid.IntRange(0, 9).Draw(r, "passing"))
		key := rapid.SampledFrom(w.keys).Draw(r, "agent")
		if last, ok := w.open[key]; ok {
			if last.From < w.now {
				last.To = w.now
				p.Closed = append(p.Closed, last)
			} else if !touched[key] {
				p.Dropped = append(p.Dropped, last)
			}
			delete(w.open, key)
		}
		touched[key] = true
		if rapid.IntRange(0, 3).Draw(r, "goes on") > 0 {
			next := interval(key, w.now, 0)
			next.State = rapid.SampledFrom([]store.IntervalState{store.IntervalReady, store.IntervalNotReady, store.IntervalUnknown}).Draw(r, "state")
			w.open[key] = next
		}
	}
	for _, key := range w.keys {
		if next, ok := w.open[key]; ok && touched[key] {
			p.Opened = append(p.Opened, next)
		}
	}
	return p
}
