package storetest

import (
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// floorOf returns a directory of one tenant with the fixture's groups and roles
// and nobody in it.
func floorOf(tenant presence.TenantID) *directory.Contents {
	return &directory.Contents{
		Regions: []*directory.Region{{ID: localRegion, Key: "local", Name: "Local"}},
		Tenants: []*directory.Tenant{{
			ID: tenant, Key: tenant.String(), Name: "Floor", Active: true, Timezone: "Europe/Berlin", Region: localRegion,
			Settings: directory.DefaultSettings(),
			Roles: []directory.Role{
				{ID: roleIn(tenant, agentRole), Key: "agent", Name: "Agent", Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll})},
				{ID: roleIn(tenant, routerRole), Key: "router", Name: "Router", Permissions: directory.NewPermissions([]api.Permission{api.PermissionManageWork})},
			},
			Groups: []directory.Group{
				{ID: groupIn(tenant, adviceGroup), Key: "advice", Name: "Advice"},
				{ID: groupIn(tenant, salesGroup), Key: "sales", Name: "Sales"},
			},
			ReasonLists: []directory.ReasonList{directory.SystemList()},
		}},
	}
}

// roleIn and groupIn make ids for a tenant of the fixture's: two tenants share no ids.
func roleIn(tenant presence.TenantID, role directory.RoleID) directory.RoleID {
	copy(role.UUID[1:15], tenant.UUID[2:])
	return role
}

func groupIn(tenant presence.TenantID, group directory.GroupID) directory.GroupID {
	copy(group.UUID[1:15], tenant.UUID[2:])
	return group
}

// join makes an account that is an agent in the tenant and returns both parts.
func join(contents *directory.Contents, tenant presence.TenantID, agent presence.AgentID, first string) (*directory.User, *directory.Membership) {
	user := &directory.User{ID: agent, Username: agent.String(), FirstName: first, Active: true,
		Memberships: []directory.UserMembership{{Tenant: tenant, Active: true}}}
	membership := &directory.Membership{Tenant: tenant, Agent: agent, Active: true, Roles: []directory.RoleID{roleIn(tenant, agentRole)}}
	contents.Users = append(contents.Users, user)
	contents.Memberships = append(contents.Memberships, membership)
	contents.Arrange()
	return user, membership
}

// team applies a tenant with agents that are numbered from 0.
func team(t testing.TB, s Store, tenant presence.TenantID, agents int) {
	t.Helper()
	contents := floorOf(tenant)
	for n := range agents {
		join(contents, tenant, numbered(tenant, n).Agent, "")
	}
	mustApply(t, s, directory.Diff(load(t, s), contents))
}
