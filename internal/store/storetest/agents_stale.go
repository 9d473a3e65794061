package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func refusesOldVersion(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	other := r.Clone()
	r.commit(t, s, annInNorth, nine, presence.GoReady{By: byAnn, HasExtension: true})
	late := other.must(t, annInNorth, presence.GoNotReady{By: byAnn}, nine+9)
	late.Records[0].Seq++ // nobody took this number, only the version is old
	wantStale(t, s, late)
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
}

func refusesFutureVersion(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	ahead := r.Clone()
	ahead.must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine)
	early := ahead.must(t, annInNorth, presence.GoNotReady{By: byAnn}, nine)
	early.Records[0].Seq--
	wantStale(t, s, early)
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
}

func refusesSecondFirst(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	again := NewRecorder().must(t, annInNorth, begins, nine+1)
	again.Records[0].Seq = 2
	wantStale(t, s, again)
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
}

func refusesTakenNumber(t *testing.T, s Store) {
	NewRecorder().commit(t, s, annInNorth, nine, begins)
	wantStale(t, s, NewRecorder().must(t, bobInNorth, begins, nine))
	wantAgent(t, s, bobInNorth, presence.Agent{})
}

func refusesGap(t *testing.T, s Store) {
	r := NewRecorder()
	r.must(t, annInNorth, begins, nine) // never committed
	wantStale(t, s, r.must(t, bobInNorth, begins, nine))
	wantHead(t, s, northTenant, 0)
	wantAgent(t, s, bobInNorth, presence.Agent{})
}

func commitsWhole(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	batch := r.Clone()
	wantStale(t, s,
		batch.must(t, annInSouth, begins, nine), // the first of its tenant
		batch.must(t, bobInNorth, begins, nine), // a new agent
		batch.must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine),
		NewRecorder().must(t, annInNorth, begins, nine)) // stale
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
	wantAgent(t, s, annInSouth, presence.Agent{})
	wantAgent(t, s, bobInNorth, presence.Agent{})
	wantHead(t, s, northTenant, 1)
	wantHead(t, s, southTenant, 0)
	r.commit(t, s, bobInNorth, nine, begins) // and everything goes on
	r.commit(t, s, annInSouth, nine, begins)
}

func oneCommitterWins(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	const committers = 8
	var errs [committers]error
	var group sync.WaitGroup
	for i := range committers {
		change := r.Clone().must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine+presence.Instant(i))
		group.Go(func() { errs[i] = s.Commit(t.Context(), []store.Change{change}) })
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
	if won != 1 {
		t.Errorf("%d committers won", won)
	}
	wantHead(t, s, northTenant, 2)
}

func refusesAudit(t *testing.T, s Store) {
	good := NewRecorder().must(t, annInNorth, begins, nine)
	good.Audit = []store.AuditEntry{entry(northTenant, nine)}
	wantStale(t, s, good, NewRecorder().must(t, bobInNorth, begins, nine))
	wantPage(t, s, northTenant, 0, 10)
}

func wantStale(t testing.TB, s store.Agents, changes ...store.Change) {
	t.Helper()
	if err := s.Commit(t.Context(), changes); !errors.Is(err, store.ErrStale) {
		t.Fatalf("commit: %v, want %v", err, store.ErrStale)
	}
}
