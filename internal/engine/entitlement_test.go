package engine_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

// switchOff takes the right to work away from an agent.
func (f *floor) switchOff(i int) {
	f.t.Helper()
	off := membership(i)
	off.Active = false
	f.change(directory.Change{Action: directory.Update, Kind: directory.KindMembership, Fields: []string{"active"}, Document: off})
}

func TestRevokeUnentitled_EndsTheSessionsOfWhoMayNoLongerWorkAndOfNobodyElse(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(0))
		f.logIn(agent(1))
		f.switchOff(1)
		if err := f.engine.RevokeUnentitled(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.expect(agent(0), "notready inbound live (Logged in)")
		f.expect(agent(1), "offline")
		if code := f.agent(agent(1)).Ended.Code; code != presence.EndRevoked {
			t.Errorf("the session ended as %s", code)
		}
	})
}

func TestStartSession_IsRefusedToWhoMayNotWork(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.switchOff(1)
		for _, key := range []presence.Key{agent(1), agent(8000)} {
			if _, err := f.engine.Do(t.Context(), engine.Request{Key: key, Command: start(key)}); !errors.Is(err, engine.ErrNotEntitled) {
				t.Errorf("a session was started: %v", err)
			}
		}
		if len(f.log()) != 0 {
			t.Errorf("the log holds %d records", len(f.log()))
		}
	})
}

// A session that is decided before the directory changes and committed after it
// must not slip through.
func TestRevokeUnentitled_WaitsForSessionsThatAreStarting(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		release := f.storage.hold()
		go f.do(agent(1), start(agent(1)))
		synctest.Wait() // decided, and committing
		f.switchOff(1)
		revoked := make(chan error, 1)
		go func() { revoked <- f.engine.RevokeUnentitled(t.Context()) }()
		synctest.Wait()
		release(nil)
		if err := <-revoked; err != nil {
			t.Fatal(err)
		}
		f.expect(agent(1), "offline")
	})
}
