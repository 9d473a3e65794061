package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// switchOff takes the right to work away from an agent.
func (f *floor) switchOff(i int) {
	f.t.Helper()
	off := membership(i)
	off.Active = false
	f.change(directory.Change{Action: directory.Update, Kind: directory.KindMembership, Fields: []string{"active"}, Document: off})
}

// monitorRole gives the right to monitor silently and no other.
var monitorRole = directory.Role{
	ID: directory.RoleID{UUID: presence.UUID{15: 2}}, Key: "monitor", Name: "Monitor",
	Permissions: directory.NewPermissions([]api.Permission{api.PermissionMonitorAllCalls}),
}

// addMonitorRole makes monitorRole one of the tenant's.
func (f *floor) addMonitorRole() {
	f.t.Helper()
	f.change(directory.Change{Action: directory.Create, Kind: directory.KindRole, Tenant: demo, Document: &monitorRole})
}

// giveRoles replaces an agent's roles.
func (f *floor) giveRoles(i int, roles ...directory.RoleID) {
	f.t.Helper()
	changed := membership(i)
	changed.Roles = roles
	f.change(directory.Change{Action: directory.Update, Kind: directory.KindMembership, Fields: []string{"roles"}, Document: changed})
}

// revokeUnentitled must succeed.
func (f *floor) revokeUnentitled() {
	f.t.Helper()
	if err := f.engine.RevokeUnentitled(f.t.Context()); err != nil {
		f.t.Fatal(err)
	}
}

// expectRevoked wants an agent's session to have been ended for want of a right.
func (f *floor) expectRevoked(key presence.Key) {
	f.t.Helper()
	f.expect(key, "offline")
	if code := f.agent(key).Ended.Code; code != presence.EndRevoked {
		f.t.Errorf("the session ended as %s", code)
	}
}

func startSilently(key presence.Key) presence.StartSession {
	command := start(key)
	command.Silent = true
	return command
}

// A right that is taken away while a session uses it takes the session with it,
// and each kind of session has its own.
func TestRevokeUnentitled_EndsTheSessionsWhoseRightWasTakenAway(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.addMonitorRole()
		both := []directory.RoleID{roles[0].ID, monitorRole.ID}
		for i := range 5 {
			f.giveRoles(i, both...)
		}
		f.logIn(agent(0))
		f.logIn(agent(1))
		f.logIn(agent(2))
		f.do(agent(3), startSilently(agent(3)))
		f.do(agent(4), startSilently(agent(4)))
		f.giveRoles(1)                 // no agent any more
		f.giveRoles(2, roles[0].ID)    // an agent still
		f.giveRoles(3, roles[0].ID)    // may not monitor any more
		f.giveRoles(4, monitorRole.ID) // monitors still
		f.revokeUnentitled()
		for _, i := range []int{0, 2, 4} {
			f.expect(agent(i), "notready inbound live (Logged in)")
		}
		for _, i := range []int{1, 3} {
			f.expectRevoked(agent(i))
		}
	})
}

func TestStartSession_NeedsTheRightToItsKind(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.addMonitorRole()
		f.giveRoles(1, monitorRole.ID)
		f.giveRoles(2)
		for _, refused := range []engine.Request{
			{Key: agent(0), Command: startSilently(agent(0))},
			{Key: agent(1), Command: start(agent(1))},
			{Key: agent(2), Command: start(agent(2))},
			{Key: agent(2), Command: startSilently(agent(2))},
		} {
			if _, err := f.engine.Do(t.Context(), refused); !errors.Is(err, engine.ErrNotEntitled) {
				t.Errorf("%+v: %v", refused, err)
			}
		}
		f.do(agent(0), start(agent(0)))
		f.do(agent(1), startSilently(agent(1)))
	})
}

func TestStart_EndsTheSessionsWhoseRightWasTakenAway(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.addMonitorRole()
		f.giveRoles(1, roles[0].ID, monitorRole.ID)
		f.giveRoles(2, roles[0].ID, monitorRole.ID)
		f.logIn(agent(0))
		f.do(agent(1), startSilently(agent(1)))
		f.do(agent(2), startSilently(agent(2)))
		f.stop()
		f.giveRoles(0)
		f.giveRoles(1, roles[0].ID)
		f.giveRoles(2, monitorRole.ID)
		f.start()
		f.expectRevoked(agent(0))
		f.expectRevoked(agent(1))
		f.expect(agent(2), "notready inbound silent (Logged in)")
	})
}

// unentitle logs agents 1 to n in and takes the right to it away again.
func (f *floor) unentitle(n int) {
	f.t.Helper()
	f.hire(n + 1)
	var changes directory.Changes
	for i := 1; i <= n; i++ {
		f.logIn(agent(i))
		without := membership(i)
		without.Roles = nil
		changes = append(changes, directory.Change{Action: directory.Update, Kind: directory.KindMembership, Fields: []string{"roles"}, Document: without})
	}
	f.change(changes...)
}

func TestRevokeUnentitled_SharesCommits(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		const many = 600 // more than a group of those that are queued at once
		f.unentitle(many)
		before := f.storage.commits.Load()
		f.storage.onCommit(func([]store.Change) error { time.Sleep(time.Millisecond); return nil })
		f.revokeUnentitled()
		// Of each of the three groups, the first may be alone in its commit.
		if commits := f.storage.commits.Load() - before; commits > 6 {
			t.Errorf("%d sessions were revoked in %d commits", many, commits)
		}
		if live := f.engine.Live(); live != 0 {
			t.Errorf("%d sessions live on", live)
		}
	})
}

func TestRevokeUnentitled_IsFinishedThoughTheCallerLeaves(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.unentitle(300)
		release := f.storage.hold()
		ctx, leave := context.WithCancel(t.Context())
		revoked := make(chan error, 1)
		go func() { revoked <- f.engine.RevokeUnentitled(ctx) }()
		synctest.Wait()
		leave()
		synctest.Wait()
		release(nil)
		if err := <-revoked; err != nil {
			t.Error(err)
		}
		if live := f.engine.Live(); live != 0 {
			t.Errorf("%d sessions live on", live)
		}
	})
}

func TestRevokeUnentitled_DoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.unentitle(1)
		release := f.storage.hold()
		if err := f.engine.RevokeUnentitled(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		release(nil)
		synctest.Wait()
		f.expectRevoked(agent(1)) // what was queued is carried out all the same
	})
}

func TestRevokeUnentitled_EndsTheSessionsOfWhoMayNoLongerWorkAndOfNobodyElse(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(0))
		f.logIn(agent(1))
		f.switchOff(1)
		f.revokeUnentitled()
		f.expect(agent(0), "notready inbound live (Logged in)")
		f.expectRevoked(agent(1))
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
