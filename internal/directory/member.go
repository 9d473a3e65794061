package directory

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// Member is a user in a tenant, with everything resolved that the membership
// refers to. It is a snapshot: it does not change when the directory does.
type Member struct {
	Key       presence.Key
	Username  string
	FirstName string
	LastName  string
	// Active is true when both the account and the membership are.
	Active bool
	// Permissions is the union of the permissions of Roles and of the user's
	// platform role.
	Permissions Permissions
	// RolePermissions is the union of the permissions of Roles alone.
	RolePermissions Permissions
	// Roles and Groups are sorted by key, Skills by name.
	Roles  []Role
	Groups []Group
	Skills []string
	// Extensions are in the order given; the first is what clients fall back to.
	Extensions []Extension
	// ActiveExtension is one of Extensions, nil for none.
	ActiveExtension *Extension
	// ReasonLists are those given to the member, inactive ones included, in the
	// tenant's order. [Member.ReasonListsIn] adds the system's and the tenant's
	// defaults.
	ReasonLists []ReasonList
}

// NewMember resolves a membership. References to roles, groups and lists that
// the tenant does not have count for nothing.
func NewMember(tenant *Tenant, user *User, membership *Membership) *Member {
	m := &Member{
		Key:         membership.Key(),
		Username:    user.Username,
		FirstName:   user.FirstName,
		LastName:    user.LastName,
		Active:      user.Active && membership.Active,
		Roles:       referred(tenant.Roles, membership.Roles, func(r *Role) RoleID { return r.ID }),
		Groups:      referred(tenant.Groups, membership.Groups, func(g *Group) GroupID { return g.ID }),
		Skills:      membership.Skills,
		Extensions:  membership.Extensions,
		ReasonLists: referred(tenant.ReasonLists, membership.ReasonLists, func(l *ReasonList) presence.ReasonListID { return l.ID }),
	}
	sets := make([][]api.Permission, len(m.Roles))
	for i := range m.Roles {
		sets[i] = m.Roles[i].Permissions
	}
	m.RolePermissions = NewPermissions(sets...)
	m.Permissions = NewPermissions(m.RolePermissions, user.PlatformRole.Permissions)
	for i := range m.Extensions {
		if m.Extensions[i].ID == membership.ActiveExtension {
			m.ActiveExtension = &m.Extensions[i]
		}
	}
	return m
}

// Name returns the member's full name, or the user name where there is none.
func (m *Member) Name() string { return fullName(m.FirstName, m.LastName, m.Username) }

// Can reports whether the member has the right in the tenant, or as part of the
// platform role.
func (m *Member) Can(permission api.Permission) bool { return m.Permissions.Has(permission) }

// IsAgent reports whether the member may have sessions.
func (m *Member) IsAgent() bool { return m.Can(agentPermission) }

// MayMonitorSilently reports whether the member may have sessions for silent
// monitoring, which takes no agent.
func (m *Member) MayMonitorSilently() bool { return m.Can(api.PermissionMonitorAllCalls) }

// Extension returns the member's extension of that value, or else of that id.
func (m *Member) Extension(valueOrID string) (Extension, bool) {
	if found, ok := find(m.Extensions, func(e *Extension) bool { return e.Value == valueOrID }); ok {
		return found, true
	}
	id, err := presence.ParseUUID(valueOrID)
	if err != nil {
		return Extension{}, false
	}
	return find(m.Extensions, func(e *Extension) bool { return e.ID.UUID == id })
}

// GroupNames returns the names of the member's groups, sorted by the groups'
// keys; never nil.
func (m *Member) GroupNames() []string {
	names := make([]string, len(m.Groups))
	for i := range m.Groups {
		names[i] = m.Groups[i].Name
	}
	return names
}

// ReasonListsIn returns the active lists that the member may choose from: the
// system's first, then the defaults of the tenant, which is the member's own,
// then those given to the member.
func (m *Member) ReasonListsIn(tenant *Tenant) []ReasonList {
	var active []ReasonList
	for _, list := range m.allReasonLists(tenant) {
		if list.Active {
			active = append(active, list)
		}
	}
	return active
}

// FindReason is [FindReason] in the lists that the member may use in the tenant.
func (m *Member) FindReason(tenant *Tenant, query ReasonQuery) (presence.Reason, error) {
	if query == (ReasonQuery{}) {
		return presence.Reason{}, nil
	}
	return FindReason(m.allReasonLists(tenant), query)
}

func (m *Member) allReasonLists(tenant *Tenant) []ReasonList {
	var lists []ReasonList
	for _, list := range tenant.ReasonLists {
		_, given := find(m.ReasonLists, func(l *ReasonList) bool { return l.ID == list.ID })
		if given || list.Default {
			lists = append(lists, list)
		}
	}
	return lists
}

// referred returns those of all that are referred to, in the order of all.
func referred[T any, ID comparable](all []T, ids []ID, id func(*T) ID) []T {
	var found []T
	for i := range all {
		for _, wanted := range ids {
			if id(&all[i]) == wanted {
				found = append(found, all[i])
				break
			}
		}
	}
	return found
}

// agentPermission is the right to be an agent.
const agentPermission = api.PermissionArtifactsCreateAll
