package directory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func newTenant() *directory.Tenant {
	tenant := &directory.Tenant{
		Roles: []directory.Role{
			{ID: directory.RoleID{UUID: presence.UUID{1}}, Key: "agent", Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll})},
			{ID: directory.RoleID{UUID: presence.UUID{2}}, Key: "router", Permissions: directory.NewPermissions([]api.Permission{api.PermissionManageWork})},
		},
		Groups:      []directory.Group{{ID: directory.GroupID{UUID: presence.UUID{3}}, Key: "sales", Name: "Sales"}},
		ReasonLists: reasonLists(),
	}
	tenant.ReasonLists[3].Default = true // Work
	tenant.Arrange()
	return tenant
}

func newMembership() *directory.Membership {
	return &directory.Membership{
		Active:      true,
		Roles:       []directory.RoleID{{UUID: presence.UUID{1}}, {UUID: presence.UUID{9}}},
		Groups:      []directory.GroupID{{UUID: presence.UUID{3}}},
		ReasonLists: []presence.ReasonListID{breaksID, closedID},
		Extensions: []directory.Extension{
			{ID: directory.ExtensionID{UUID: presence.UUID{4}}, Type: directory.SIP, Value: "00000000-0000-0000-0000-000000000001"},
			{ID: directory.ExtensionID{UUID: presence.UUID{15: 1}}, Type: directory.PSTN, Value: "12"},
		},
		ActiveExtension: directory.ExtensionID{UUID: presence.UUID{15: 1}},
	}
}

func TestMember_MayWhatRolesAndPlatformAllow(t *testing.T) {
	t.Parallel()
	user := &directory.User{Active: true, PlatformRole: directory.PlatformRole{Permissions: directory.NewPermissions([]api.Permission{api.PermissionManageTenant})}}
	member := directory.NewMember(newTenant(), user, newMembership())
	for permission, want := range map[api.Permission]bool{
		api.PermissionArtifactsCreateAll: true, api.PermissionManageTenant: true, api.PermissionManageWork: false,
	} {
		if member.Can(permission) != want {
			t.Errorf("may %s: %t, want %t", permission, !want, want)
		}
	}
	if member.MayMonitorSilently() {
		t.Error("an agent may monitor silently")
	}
	if !member.IsAgent() || member.RolePermissions.Has(api.PermissionManageTenant) {
		t.Errorf("is agent: %t, rights by roles: %v", member.IsAgent(), member.RolePermissions)
	}
}

func TestMember_IsActiveWhenAccountAndMembershipAre(t *testing.T) {
	t.Parallel()
	for _, account := range []bool{false, true} {
		for _, membership := range []bool{false, true} {
			m := newMembership()
			m.Active = membership
			if got := directory.NewMember(newTenant(), &directory.User{Active: account}, m).Active; got != (account && membership) {
				t.Errorf("account %t, membership %t: active %t", account, membership, got)
			}
		}
	}
}

func TestMember_ReasonListsBeginWithTheSystemsThenTheDefaults(t *testing.T) {
	t.Parallel()
	tenant := newTenant()
	member := directory.NewMember(tenant, &directory.User{}, newMembership())
	var names []string
	for _, list := range member.ReasonListsIn(tenant) {
		names = append(names, list.Name)
	}
	if diff := cmp.Diff([]string{presence.SystemListName, "Work", "Breaks"}, names); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}

func TestMember_FindsAnExtensionByValueBeforeId(t *testing.T) {
	t.Parallel()
	member := directory.NewMember(newTenant(), &directory.User{}, newMembership())
	for asked, want := range map[string]string{
		"12":                                   "12",
		"00000000-0000-0000-0000-000000000001": "00000000-0000-0000-0000-000000000001",
		"04000000-0000-0000-0000-000000000000": "00000000-0000-0000-0000-000000000001",
		"13":                                   "",
	} {
		if found, ok := member.Extension(asked); found.Value != want || ok != (want != "") {
			t.Errorf("%s: found %q, %t", asked, found.Value, ok)
		}
	}
	if member.ActiveExtension == nil || member.ActiveExtension.Value != "12" {
		t.Errorf("active: %+v", member.ActiveExtension)
	}
}

func TestMember_IsCalledByFullNameOrElseUserName(t *testing.T) {
	t.Parallel()
	for want, user := range map[string]*directory.User{
		"Ann Arbor": {Username: "ann", FirstName: "Ann", LastName: "Arbor"},
		"Ann":       {Username: "ann", FirstName: "Ann"},
		"ann":       {Username: "ann"},
	} {
		if got := directory.NewMember(newTenant(), user, newMembership()).Name(); got != want || user.Name() != want {
			t.Errorf("member %q, user %q, want %q", got, user.Name(), want)
		}
	}
}

func TestTenant_ArrangeLeavesSharedSlicesAlone(t *testing.T) {
	t.Parallel()
	shared := []directory.Group{{Key: "b"}, {Key: "a"}}
	tenant := directory.Tenant{Groups: shared}
	tenant.Arrange()
	if shared[0].Key != "b" || tenant.Groups[0].Key != "a" {
		t.Errorf("shared %v, arranged %v", shared, tenant.Groups)
	}
}
