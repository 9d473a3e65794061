package storetest

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Directory checks an adapter, or a decorator, of [store.Directory]. Open
// answers an empty store, a new one at each call.
func Directory(t *testing.T, open func(t *testing.T) store.Directory) {
	for _, test := range []struct {
		sentence string
		check    func(*testing.T, store.Directory)
	}{
		{"an empty directory has nothing", emptyHasNothing},
		{"what was applied is read back as a whole", readsBackWhole},
		{"what was applied is read back document by document", readsBackDocuments},
		{"a member has everything resolved", resolvesMember},
		{"a user name is found in any case of its letters", findsAnyCase},
		{"an update replaces the document and nothing else", updatesOneDocument},
		{"a member follows the role, group, list and user that it is made of", memberFollows},
		{"changes on a stale revision are refused and leave no trace", refusesStale},
		{"applying nothing leaves the revision as it is", appliesNothing},
		{"everything can be deleted again", deletesAll},
		{"with a tenant go its roles, groups and lists", deletesTenantParts},
		{"with a membership goes the default tenant", deletesDefaultTenant},
		{"the active extension is set, set again and cleared", setsActiveExtension},
		{"the default tenant is set, set again and cleared", setsDefaultTenant},
		{"the token generation rises by one at a time", raisesGeneration},
		{"callers at once each raise the token generation", raisesGenerationAtOnce},
		{"an update that does not name what users change keeps it", keepsWhatUsersChange},
		{"an extension that goes is active no more", clearsLostExtension},
		{"a new password, and switching an account off, ends its tokens", endsTokens},
		{"readers at once with a writer see whole directories", readsWhole},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			t.Parallel()
			test.check(t, open(t))
		})
	}
	t.Run("a change that cannot be made leaves no trace and says", func(t *testing.T) {
		t.Parallel()
		refusals(t, open)
	})
	t.Run("it agrees with the model", func(t *testing.T) {
		t.Parallel()
		agreesWithModel(t, open(t))
	})
}

func emptyHasNothing(t *testing.T, s store.Directory) {
	wantSame(t, "contents", &directory.Contents{}, load(t, s))
	wantSame(t, "tenants", []*directory.Tenant{}, get[[]*directory.Tenant](t)(s.Tenants(t.Context())))
	ctx := t.Context()
	_, tenant := s.Tenant(ctx, northTenant)
	_, region := s.Region(ctx, localRegion)
	_, user := s.User(ctx, ann)
	_, byName := s.UserByName(ctx, "ann")
	_, member := s.Member(ctx, annInNorth)
	_, raise := s.RaiseTokenGeneration(ctx, ann)
	for what, err := range map[string]error{
		"tenant": tenant, "region": region, "user": user, "user by name": byName, "member": member, "raise": raise,
		"set extension": s.SetActiveExtension(ctx, annInNorth, directory.ExtensionID{}),
		"set default":   s.SetDefaultTenant(ctx, ann, presence.TenantID{}),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: got error %v, want not found", what, err)
		}
	}
}

func readsBackWhole(t *testing.T, s store.Directory) {
	want := fixture()
	want.Revision = 1
	wantSame(t, "contents", want, load(t, filled(t, s)))
}

func readsBackDocuments(t *testing.T, s store.Directory) {
	want := fixture()
	ctx := t.Context()
	filled(t, s)
	wantSame(t, "tenants", want.Tenants, get[[]*directory.Tenant](t)(s.Tenants(ctx)))
	wantSame(t, "tenant", want.Tenant(northTenant), get[*directory.Tenant](t)(s.Tenant(ctx, northTenant)))
	wantSame(t, "region", want.Regions[0], get[*directory.Region](t)(s.Region(ctx, localRegion)))
	wantSame(t, "user", want.User(ann), get[*directory.User](t)(s.User(ctx, ann)))
}

func resolvesMember(t *testing.T, s store.Directory) {
	want := fixture()
	filled(t, s)
	for _, key := range []presence.Key{annInNorth, bobInNorth, annInSouth} {
		resolved := directory.NewMember(want.Tenant(key.Tenant), want.User(key.Agent), want.Membership(key))
		wantSame(t, "member", resolved, get[*directory.Member](t)(s.Member(t.Context(), key)))
	}
	_, err := s.Member(t.Context(), presence.Key{Tenant: southTenant, Agent: bob})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a user who is no member: got error %v, want not found", err)
	}
}

func findsAnyCase(t *testing.T, s store.Directory) {
	contents := fixture()
	contents.User(bob).Username = "BÖB@north.example"
	mustApply(t, s, directory.Diff(&directory.Contents{}, contents))
	for name, want := range map[string]presence.AgentID{"ann@north.example": ann, "ANN@NORTH.EXAMPLE": ann, "böb@North.example": bob} {
		if user := get[*directory.User](t)(s.UserByName(t.Context(), name)); user.ID != want {
			t.Errorf("%s is user %s, want %s", name, user.ID, want)
		}
	}
}

func updatesOneDocument(t *testing.T, s store.Directory) {
	filled(t, s)
	want := fixture()
	want.Revision = 2
	south := want.Tenant(southTenant)
	south.Name, south.Region, south.Settings.WorkLimit = "Deep South", otherRegion, 4
	mustApply(t, s, directory.Diff(load(t, s), want))
	wantSame(t, "contents", want, load(t, s))
	wantSame(t, "tenant", south, get[*directory.Tenant](t)(s.Tenant(t.Context(), southTenant)))
}

func memberFollows(t *testing.T, s store.Directory) {
	filled(t, s)
	get[*directory.Member](t)(s.Member(t.Context(), annInNorth))
	want := fixture()
	north := want.Tenant(northTenant)
	north.Roles[0].Permissions = directory.Permissions{}
	north.Groups[0].Name = "Counsel"
	north.ReasonLists[2].Name = "Rest"
	want.User(ann).LastName = "Archer"
	mustApply(t, s, directory.Diff(load(t, s), want))
	member := get[*directory.Member](t)(s.Member(t.Context(), annInNorth))
	wantSame(t, "member", directory.NewMember(north, want.User(ann), want.Membership(annInNorth)), member)
	wantSame(t, "tenant", north, get[*directory.Tenant](t)(s.Tenant(t.Context(), northTenant)))
}

func refusesStale(t *testing.T, s store.Directory) {
	before := load(t, s)
	filled(t, s)
	want := load(t, s)
	changed := fixture()
	changed.Tenants[0].Name = "Elsewhere"
	err := s.Apply(t.Context(), before.Revision, directory.Diff(want, changed), nil)
	if !errors.Is(err, store.ErrStale) {
		t.Errorf("got error %v, want stale", err)
	}
	wantSame(t, "contents", want, load(t, s))
}

func appliesNothing(t *testing.T, s store.Directory) {
	want := load(t, filled(t, s))
	mustApply(t, s, nil)
	wantSame(t, "contents", want, load(t, s))
}

func deletesAll(t *testing.T, s store.Directory) {
	filled(t, s)
	mustApply(t, s, directory.Diff(load(t, s), &directory.Contents{}))
	wantSame(t, "contents", &directory.Contents{Revision: 2}, load(t, s))
	if _, err := s.Member(t.Context(), annInNorth); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a deleted member: got error %v, want not found", err)
	}
}

func deletesTenantParts(t *testing.T, s store.Directory) {
	filled(t, s)
	without := fixture()
	without.Tenants = without.Tenants[:1]
	without.Memberships = without.Memberships[:2]
	mustApply(t, s, directory.Diff(load(t, s), without))
	mustApply(t, s, directory.Diff(load(t, s), fixture())) // their ids and keys are free again
	sameContents(t, fixture(), load(t, s))
}

func deletesDefaultTenant(t *testing.T, s store.Directory) {
	filled(t, s)
	change := directory.Change{Action: directory.Delete, Kind: directory.KindMembership, Tenant: northTenant, Document: fixture().Membership(annInNorth)}
	mustApply(t, s, directory.Changes{change})
	user := get[*directory.User](t)(s.User(t.Context(), ann))
	if !user.DefaultTenant.IsZero() {
		t.Errorf("the default tenant is still %s", user.DefaultTenant)
	}
	wantSame(t, "memberships", []directory.UserMembership{{Tenant: southTenant}}, user.Memberships)
}

// sameContents compares what was applied, without the revision.
func sameContents(t testing.TB, want, got *directory.Contents) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(directory.Contents{}, "Revision")); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
}
