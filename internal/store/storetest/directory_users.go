package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func setsActiveExtension(t *testing.T, s store.Directory) {
	filled(t, s)
	for _, id := range []directory.ExtensionID{phoneExtension, phoneExtension, {}, deskExtension} {
		get[*directory.Member](t)(s.Member(t.Context(), annInNorth))
		if err := s.SetActiveExtension(t.Context(), annInNorth, id); err != nil {
			t.Fatal(err)
		}
		var got directory.ExtensionID
		if active := get[*directory.Member](t)(s.Member(t.Context(), annInNorth)).ActiveExtension; active != nil {
			got = active.ID
		}
		if got != id {
			t.Errorf("active is %s, want %s", got, id)
		}
	}
	if err := s.SetActiveExtension(t.Context(), bobInNorth, deskExtension); !errors.Is(err, store.ErrConflict) {
		t.Errorf("an extension of another member: got error %v, want conflict", err)
	}
	sameContents(t, fixture(), load(t, s))
}

func setsDefaultTenant(t *testing.T, s store.Directory) {
	filled(t, s)
	for _, id := range []presence.TenantID{southTenant, southTenant, {}, northTenant} {
		get[*directory.User](t)(s.User(t.Context(), ann))
		if err := s.SetDefaultTenant(t.Context(), ann, id); err != nil {
			t.Fatal(err)
		}
		if got := get[*directory.User](t)(s.User(t.Context(), ann)).DefaultTenant; got != id {
			t.Errorf("default is %s, want %s", got, id)
		}
	}
	if err := s.SetDefaultTenant(t.Context(), bob, southTenant); !errors.Is(err, store.ErrConflict) {
		t.Errorf("a tenant that the user is no member of: got error %v, want conflict", err)
	}
	sameContents(t, fixture(), load(t, s))
}

func raisesGeneration(t *testing.T, s store.Directory) {
	filled(t, s)
	for want := int64(41); want < 44; want++ {
		raised := get[int64](t)(s.RaiseTokenGeneration(t.Context(), ann))
		read := get[*directory.User](t)(s.User(t.Context(), ann)).TokenGeneration
		if raised != want || read != want {
			t.Errorf("raised to %d and read %d, want %d", raised, read, want)
		}
	}
	if got := get[*directory.User](t)(s.User(t.Context(), bob)).TokenGeneration; got != 0 {
		t.Errorf("another user's generation is %d", got)
	}
}

func raisesGenerationAtOnce(t *testing.T, s store.Directory) {
	filled(t, s)
	const callers = 8
	var raised [callers]int64
	var errs [callers]error
	var group sync.WaitGroup
	for i := range callers {
		group.Go(func() { raised[i], errs[i] = s.RaiseTokenGeneration(t.Context(), ann) })
	}
	group.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	slices.Sort(raised[:])
	wantSame(t, "generations", [callers]int64{41, 42, 43, 44, 45, 46, 47, 48}, raised)
}

func keepsWhatUsersChange(t *testing.T, s store.Directory) {
	planned := load(t, filled(t, s))
	// Between planning and applying, Ann changes this.
	if err := errors.Join(
		s.SetActiveExtension(t.Context(), annInNorth, phoneExtension),
		s.SetDefaultTenant(t.Context(), ann, southTenant),
		second(s.RaiseTokenGeneration(t.Context(), ann)),
	); err != nil {
		t.Fatal(err)
	}
	want := fixture()
	want.User(ann).FirstName = "Anna"
	want.Membership(annInNorth).Skills = []string{"french"}
	if err := s.Apply(t.Context(), planned.Revision, directory.Diff(planned, want), nil); err != nil {
		t.Fatal(err)
	}
	want.User(ann).DefaultTenant = southTenant
	want.User(ann).TokenGeneration = 41
	want.Membership(annInNorth).ActiveExtension = phoneExtension
	sameContents(t, want, load(t, s))
}

func clearsLostExtension(t *testing.T, s store.Directory) {
	planned := load(t, filled(t, s))
	want := fixture()
	want.Membership(annInNorth).Extensions = want.Membership(annInNorth).Extensions[1:]
	if err := s.SetActiveExtension(t.Context(), annInNorth, phoneExtension); err != nil {
		t.Fatal(err)
	}
	mustApply(t, s, directory.Diff(planned, want))
	if active := get[*directory.Member](t)(s.Member(t.Context(), annInNorth)).ActiveExtension; active != nil {
		t.Errorf("extension %s is still active", active.Value)
	}
}

func endsTokens(t *testing.T, s store.Directory) {
	filled(t, s)
	want := fixture()
	for _, step := range []struct {
		change     func(*directory.User)
		generation int64
	}{
		{func(u *directory.User) { u.PasswordHash = "hash-b" }, 41},
		{func(u *directory.User) { u.Active = false }, 42},
		{func(u *directory.User) { u.Active = true }, 42},
	} {
		get[*directory.User](t)(s.User(t.Context(), ann))
		want = cloneUser(want, ann)
		step.change(want.User(ann))
		mustApply(t, s, directory.Diff(load(t, s), want))
		if got := get[*directory.User](t)(s.User(t.Context(), ann)).TokenGeneration; got != step.generation {
			t.Errorf("generation %d, want %d", got, step.generation)
		}
	}
}

// cloneUser returns contents in which one user may be changed.
func cloneUser(contents *directory.Contents, id presence.AgentID) *directory.Contents {
	clone := *contents
	clone.Users = slices.Clone(clone.Users)
	for i, user := range clone.Users {
		if user.ID == id {
			changed := *user
			clone.Users[i] = &changed
		}
	}
	return &clone
}

func second[T any](_ T, err error) error { return err }

func readsWhole(t *testing.T, s store.Directory) {
	filled(t, s)
	const rounds = 20
	names := [2]string{"Ann", "Bea"}
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		defer close(done)
		want := fixture()
		for i := range rounds {
			// One application changes the user and a role at once.
			want = cloneUser(want, ann)
			want.User(ann).FirstName = names[i%2]
			tenant := *want.Tenants[0]
			tenant.Roles = slices.Clone(tenant.Roles)
			tenant.Roles[0].Name = names[i%2]
			want.Tenants = []*directory.Tenant{&tenant, want.Tenants[1]}
			contents, err := s.Load(t.Context())
			if err == nil {
				err = s.Apply(t.Context(), contents.Revision, directory.Diff(contents, want), nil)
			}
			if err != nil {
				t.Errorf("write: %v", err)
				return
			}
			member, err := s.Member(t.Context(), annInNorth)
			if err != nil || member.FirstName != names[i%2] {
				t.Errorf("the writer does not read its own write: %v", err)
				return
			}
		}
	})
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				member, err := s.Member(t.Context(), annInNorth)
				if err != nil {
					t.Errorf("read: %v", err)
					return
				}
				if member.Roles[0].Name != member.FirstName && member.Roles[0].Name != "Agent" {
					t.Errorf("half of an application was seen: user %s, role %s", member.FirstName, member.Roles[0].Name)
					return
				}
			}
		})
	}
	group.Wait()
}
