package engine_test

import (
	"errors"
	"testing"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// behind carries out a command past the engine, as another server would.
func (f *floor) behind(key presence.Key, command presence.Command) {
	f.t.Helper()
	stored := f.stored(key)
	events, err := presence.Decide(stored.Agent, command, f.engine.Now())
	if err != nil {
		f.t.Fatal(err)
	}
	head, err := f.storage.Store.Head(f.t.Context(), key.Tenant)
	if err != nil {
		f.t.Fatal(err)
	}
	change := store.Change{Key: key, Before: stored.Agent.Version, Receipts: stored.Receipts}
	a := stored.Agent
	for i, event := range events {
		if a, err = presence.Evolve(a, event); err != nil {
			f.t.Fatal(err)
		}
		change.Records = append(change.Records, store.Record{Key: key, Seq: head.Seq + store.Seq(i+1), Event: event, After: a})
	}
	if err := f.storage.Store.Commit(f.t.Context(), []store.Change{change}); err != nil {
		f.t.Fatal(err)
	}
}

func TestDo_DecidesAnewWhenSomebodyElseChangedTheAgent(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.behind(agent(1), direction(agent(1), presence.Outbound))
		answer := f.do(agent(1), ready(agent(1)))
		if got := looks(answer.Agent); got != "ready outbound live offerable" {
			t.Errorf("answered %q", got)
		}
		f.expect(agent(1), "ready outbound live offerable")
		checkLog(t, f.log())
	})
}

func TestDo_DecidesAnewWhenSomebodyElseEndedTheSession(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logIn(agent(1))
		f.behind(agent(1), presence.Revoke{By: sue})
		_, err := f.engine.Do(t.Context(), engine.Request{Key: agent(1), Command: presence.GoReady{By: self(agent(1)), Session: session, HasExtension: true}})
		if presence.RefusalOf(err) != presence.RefusedSessionEnded {
			t.Fatalf("error %v", err)
		}
		f.expect(agent(1), "offline")
		if f.engine.Live() != 0 {
			t.Errorf("%d live sessions", f.engine.Live())
		}
	})
}

func TestDo_NumbersAnewWhenSomebodyElseWroteIntoTheLog(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.behind(agent(2), start(agent(2)))
		before := f.storage.commits.Load()
		f.do(agent(1), ready(agent(1)))
		if tries := f.storage.commits.Load() - before; tries != 2 {
			t.Errorf("%d tries, want 2", tries)
		}
		checkLog(t, f.log())
		if head := store.Seq(len(f.log())); f.bus.newest() != head {
			t.Errorf("announced %d of %d", f.bus.newest(), head)
		}
	})
}

func TestDo_GivesUpAfterThreeTries(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		before := f.storage.commits.Load()
		f.storage.onCommit(func([]store.Change) error { return store.ErrStale })
		_, err := f.engine.Do(t.Context(), engine.Request{Key: agent(1), Command: ready(agent(1))})
		var unavailable *store.Unavailable
		if !errors.As(err, &unavailable) {
			t.Fatalf("error %v, want unavailable", err)
		}
		if tries := f.storage.commits.Load() - before; tries != 3 {
			t.Errorf("%d tries, want 3", tries)
		}
		f.storage.onCommit(nil)
		f.do(agent(1), ready(agent(1)))
		f.expect(agent(1), "ready inbound live offerable")
	})
}
