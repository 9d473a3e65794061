package cached_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/cached"
)

// many is a number of members who are read again together.
const many = 600

var (
	everybodys = &directory.Role{ID: directory.RoleID{UUID: presence.UUID{5}}, Key: "agent", Name: "Agent"}
	fews       = &directory.Role{ID: directory.RoleID{UUID: presence.UUID{6}}, Key: "lead", Name: "Lead"}
)

// crowd is a store with many members: all have one role, the first two another.
func crowd(t *testing.T) store.Directory {
	t.Helper()
	inner := floor(t, many)
	changes := directory.Changes{
		{Action: directory.Create, Kind: directory.KindRole, Tenant: tenantID, Document: everybodys},
		{Action: directory.Create, Kind: directory.KindRole, Tenant: tenantID, Document: fews},
	}
	for i := range many {
		roles := []directory.RoleID{everybodys.ID}
		if i < 2 {
			roles = append(roles, fews.ID)
		}
		changes = append(changes, directory.Change{Action: directory.Update, Kind: directory.KindMembership, Tenant: tenantID, Document: &directory.Membership{
			Tenant: tenantID, Agent: agentID(i), Active: true, Roles: roles,
			Extensions: []directory.Extension{{ID: extensionID, Type: directory.SIP, Value: "1"}},
		}})
	}
	apply(t, inner, changes...)
	return inner
}

func apply(t *testing.T, to store.Directory, changes ...directory.Change) {
	t.Helper()
	revision, err := to.Revision(t.Context())
	if err == nil {
		err = to.Apply(t.Context(), revision, changes, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// promoted is a change of a role.
func promoted(role *directory.Role) directory.Change {
	after := *role
	after.Permissions = directory.NewPermissions([]api.Permission{api.PermissionViewAllPresence})
	return directory.Change{Action: directory.Update, Kind: directory.KindRole, Tenant: tenantID, Document: &after}
}

// wholeReads counts reads of the whole too, and may hold one up.
type wholeReads struct {
	countingReads
	wholes int
	hold   func()
}

func (w *wholeReads) Load(ctx context.Context) (*directory.Contents, error) {
	w.wholes++
	contents, err := w.countingReads.Load(ctx)
	if w.hold != nil {
		w.hold()
	}
	return contents, err
}

// withAll is a cache that remembers all of the crowd, and what it reads.
func withAll(t *testing.T) (*cached.Directory, *wholeReads) {
	t.Helper()
	counted := &wholeReads{countingReads: countingReads{Directory: crowd(t)}}
	cache := cached.NewDirectory(counted, many)
	for i := range many {
		readAll(t, cache, i)
	}
	counted.reads = 0
	return cache, counted
}

func TestDirectory_ReadsTogetherWhatAChangeMakesOutOfDateForMany(t *testing.T) {
	t.Parallel()
	everybody := directory.Changes{promoted(everybodys)}
	var moved directory.Changes
	for i := range many {
		moved = append(moved, directory.Change{Action: directory.Update, Kind: directory.KindMembership, Tenant: tenantID, Document: &directory.Membership{
			Tenant: tenantID, Agent: agentID(i), Active: i%2 == 0,
		}})
	}
	for name, changes := range map[string]directory.Changes{"a role of all": everybody, "all memberships": moved} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cache, counted := withAll(t)
			apply(t, cache, changes...)
			for i := range many {
				readAll(t, cache, i)
			}
			if counted.wholes != 1 || counted.reads > 1 {
				t.Errorf("%d reads of the whole and %d single ones, want one of the whole and at most one of the tenant", counted.wholes, counted.reads)
			}
			for i := range many {
				want, err := counted.Directory.Member(t.Context(), memberKey(i))
				got, failed := cache.Member(t.Context(), memberKey(i))
				if diff := cmp.Diff(want, got); diff != "" || err != nil || failed != nil {
					t.Fatalf("member %d: %v, %v, %s", i, err, failed, diff)
				}
				account, err := counted.Directory.User(t.Context(), agentID(i))
				kept, failed := cache.User(t.Context(), agentID(i))
				if diff := cmp.Diff(account, kept); diff != "" || err != nil || failed != nil {
					t.Fatalf("user %d: %v, %v, %s", i, err, failed, diff)
				}
			}
		})
	}
}

func TestDirectory_ForgetsOnlyThoseWhoHoldWhatHasChanged(t *testing.T) {
	t.Parallel()
	cache, counted := withAll(t)
	other := &directory.Group{ID: directory.GroupID{UUID: presence.UUID{7}}, Key: "other", Name: "Other"}
	apply(t, cache, promoted(fews), directory.Change{Action: directory.Create, Kind: directory.KindGroup, Tenant: tenantID, Document: other})
	for i := range many {
		readAll(t, cache, i)
	}
	if counted.wholes != 0 || counted.reads != 3 {
		t.Errorf("%d reads of the whole and %d single ones, want the tenant and the two who hold the role", counted.wholes, counted.reads)
	}
	if member, err := cache.Member(t.Context(), memberKey(1)); err != nil || !member.Can(api.PermissionViewAllPresence) {
		t.Errorf("who holds the role has %+v, %v", member, err)
	}
}

// The day goes on while the whole is being read.
func TestDirectory_WhatIsWrittenWhileTheWholeIsReadIsNotLost(t *testing.T) {
	t.Parallel()
	cache, counted := withAll(t)
	counted.hold = func() {
		if err := cache.SetActiveExtension(t.Context(), memberKey(3), extensionID); err != nil {
			t.Error(err)
		}
		if _, err := cache.RaiseTokenGeneration(t.Context(), agentID(4)); err != nil {
			t.Error(err)
		}
	}
	apply(t, cache, promoted(everybodys))
	if member, err := cache.Member(t.Context(), memberKey(3)); err != nil || member.ActiveExtension == nil {
		t.Errorf("the member that was changed meanwhile is %+v, %v", member, err)
	}
	if user, err := cache.User(t.Context(), agentID(4)); err != nil || user.TokenGeneration != 1 {
		t.Errorf("the user whose tokens ended meanwhile is %+v, %v", user, err)
	}
	for i := range many {
		readAll(t, cache, i)
	}
	if counted.reads > 3 {
		t.Errorf("%d single reads, want the tenant and those that were changed meanwhile", counted.reads)
	}
}

func TestDirectory_AnotherChangeWhileTheWholeIsReadIsNotLost(t *testing.T) {
	t.Parallel()
	cache, counted := withAll(t)
	counted.hold = func() {
		counted.hold = nil
		apply(t, cache, promoted(fews))
	}
	apply(t, cache, directory.Change{Action: directory.Update, Kind: directory.KindRole, Tenant: tenantID, Document: everybodys})
	if member, err := cache.Member(t.Context(), memberKey(1)); err != nil || !member.Can(api.PermissionViewAllPresence) {
		t.Errorf("who holds the role that was changed meanwhile has %+v, %v", member, err)
	}
}
