package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// The ids of the fixture: the first byte says what it is, the last which one.
var (
	localRegion = directory.RegionID{UUID: presence.UUID{0x10, 15: 1}}
	otherRegion = directory.RegionID{UUID: presence.UUID{0x10, 15: 2}}

	northTenant = presence.TenantID{UUID: presence.UUID{0x20, 15: 1}}
	southTenant = presence.TenantID{UUID: presence.UUID{0x20, 15: 2}}

	agentRole   = directory.RoleID{UUID: presence.UUID{0x30, 15: 1}}
	routerRole  = directory.RoleID{UUID: presence.UUID{0x30, 15: 2}}
	southRole   = directory.RoleID{UUID: presence.UUID{0x30, 15: 3}}
	salesGroup  = directory.GroupID{UUID: presence.UUID{0x40, 15: 1}}
	adviceGroup = directory.GroupID{UUID: presence.UUID{0x40, 15: 2}}
	breaksList  = presence.ReasonListID{UUID: presence.UUID{0x50, 15: 1}}
	workList    = presence.ReasonListID{UUID: presence.UUID{0x50, 15: 2}}

	ann = presence.AgentID{UUID: presence.UUID{0x60, 15: 1}}
	bob = presence.AgentID{UUID: presence.UUID{0x60, 15: 2}}

	deskExtension  = directory.ExtensionID{UUID: presence.UUID{0x70, 15: 1}}
	phoneExtension = directory.ExtensionID{UUID: presence.UUID{0x70, 15: 2}}

	annInNorth = presence.Key{Tenant: northTenant, Agent: ann}
	bobInNorth = presence.Key{Tenant: northTenant, Agent: bob}
	annInSouth = presence.Key{Tenant: southTenant, Agent: ann}
)

// fixture returns a new directory of two tenants: Ann is an agent in both, Bob
// a router in the north with rights on the platform.
func fixture() *directory.Contents {
	settings := directory.DefaultSettings()
	settings.EndAfter = 7 * time.Minute
	north := &directory.Tenant{
		ID: northTenant, Key: "north", Name: "North", Description: "The first", Active: true, Timezone: "Europe/Berlin",
		Region: localRegion, PasswordLogin: true, Settings: settings,
		IdentityProviders:   []directory.IdentityProvider{{ID: directory.IdentityProviderID{UUID: presence.UUID{0x80, 15: 1}}, Key: "corp", Name: "Corp", Client: "c", Domain: "d"}},
		OutboundIntegration: &directory.OutboundIntegration{ID: directory.IntegrationID{UUID: presence.UUID{0x90, 15: 1}}, Name: "Dialler", Type: "dialer", Active: true},
		Roles: []directory.Role{
			{ID: agentRole, Key: "agent", Name: "Agent", Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll})},
			{ID: routerRole, Key: "router", Name: "Router", Permissions: directory.NewPermissions([]api.Permission{api.PermissionManageWork})},
		},
		Groups: []directory.Group{{ID: adviceGroup, Key: "advice", Name: "Advice"}, {ID: salesGroup, Key: "sales", Name: "Sales"}},
		ReasonLists: []directory.ReasonList{
			directory.SystemList(),
			{ID: workList, Key: "work", Name: "Work", Active: true, Default: true, ExternalID: "w-1", Reasons: []directory.Reason{
				{ID: presence.ReasonID{UUID: presence.UUID{0x55, 15: 2}}, Key: "training", Name: "Training", Active: true, Hierarchy: []string{}},
			}},
			{ID: breaksList, Key: "breaks", Name: "Breaks", Active: true, Shared: true, Reasons: []directory.Reason{
				{ID: presence.ReasonID{UUID: presence.UUID{0x55, 15: 1}}, Key: "lunch", Name: "Lunch", Active: true, SortOrder: 1, Hierarchy: []string{"Meals"}},
			}},
		},
	}
	south := &directory.Tenant{
		ID: southTenant, Key: "south", Name: "South", Timezone: "America/New_York", Region: localRegion,
		Settings:    directory.DefaultSettings(),
		Roles:       []directory.Role{{ID: southRole, Key: "agent", Name: "Agent", Permissions: directory.Permissions{}}},
		ReasonLists: []directory.ReasonList{directory.SystemList()},
	}
	contents := &directory.Contents{
		Regions: []*directory.Region{
			{ID: localRegion, Key: "local", Name: "Local", Description: "Here"},
			{ID: otherRegion, Key: "other", Name: "Other"},
		},
		Tenants: []*directory.Tenant{north, south},
		Users: []*directory.User{
			{ID: ann, Username: "Ann@north.example", FirstName: "Ann", LastName: "Arbor", Active: true, PasswordHash: "hash-a", DefaultTenant: northTenant, TokenGeneration: 40,
				Memberships: []directory.UserMembership{{Tenant: northTenant, Active: true}, {Tenant: southTenant}}},
			{ID: bob, Username: "bob@north.example", Active: true,
				PlatformRole: directory.PlatformRole{Name: "Operator", Permissions: directory.NewPermissions([]api.Permission{api.PermissionManageTenant})},
				Memberships:  []directory.UserMembership{{Tenant: northTenant, Active: true}}},
		},
		Memberships: []*directory.Membership{
			{Tenant: northTenant, Agent: ann, Active: true, Roles: []directory.RoleID{agentRole}, Groups: []directory.GroupID{salesGroup, adviceGroup},
				Skills: []string{"english", "german"}, ReasonLists: []presence.ReasonListID{breaksList},
				Extensions: []directory.Extension{
					{ID: phoneExtension, Type: directory.PSTN, Value: "+49301234", Description: "Phone"},
					{ID: deskExtension, Type: directory.WebRTC, Value: "desk", Provider: "twilio", Region: "gll", SDKVersion: "2"},
				},
				ActiveExtension: deskExtension},
			{Tenant: northTenant, Agent: bob, Active: true, Roles: []directory.RoleID{routerRole}},
			{Tenant: southTenant, Agent: ann, Roles: []directory.RoleID{southRole}},
		},
	}
	contents.Arrange()
	return contents
}

// filled returns the store after the fixture was applied to it.
func filled(t *testing.T, s store.Directory) store.Directory {
	t.Helper()
	mustApply(t, s, directory.Diff(&directory.Contents{}, fixture()))
	return s
}

func mustApply(t testing.TB, s store.Directory, changes directory.Changes, entries ...store.AuditEntry) {
	t.Helper()
	if err := s.Apply(t.Context(), load(t, s).Revision, changes, entries); err != nil {
		t.Fatalf("apply: %v", err)
	}
}

func load(t testing.TB, s store.Directory) *directory.Contents {
	t.Helper()
	contents, err := s.Load(t.Context())
	if err != nil {
		t.Fatalf("load: %v", err)
	}
	if revision, err := s.Revision(t.Context()); err != nil || revision != contents.Revision {
		t.Errorf("the revision is %d, %v, of what was loaded %d", revision, err, contents.Revision)
	}
	return contents
}

// get returns the value of a read that must succeed.
func get[T any](t testing.TB) func(T, error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// wantSame compares documents; nil and empty slices say the same.
func wantSame(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
