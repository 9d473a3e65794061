package cached

import (
	"slices"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// scope is what changes make out of date.
type scope struct {
	tenants map[presence.TenantID]bool
	gone    map[presence.TenantID]bool // those of them that were deleted
	users   map[presence.AgentID]bool  // the accounts, and the users as members anywhere
	members map[presence.Key]bool
	// Members have in them what they refer to, and tenants all of it.
	roles  map[directory.RoleID]bool
	groups map[directory.GroupID]bool
	lists  map[presence.ReasonListID]bool
}

func scopeOf(changes directory.Changes) scope {
	s := scope{
		tenants: map[presence.TenantID]bool{},
		gone:    map[presence.TenantID]bool{},
		users:   map[presence.AgentID]bool{},
		members: map[presence.Key]bool{},
		roles:   map[directory.RoleID]bool{},
		groups:  map[directory.GroupID]bool{},
		lists:   map[presence.ReasonListID]bool{},
	}
	for _, change := range changes {
		switch document := change.Document.(type) {
		case *directory.Tenant:
			s.tenants[document.ID] = true
			s.gone[document.ID] = change.Action == directory.Delete
		case *directory.Role:
			s.roles[document.ID], s.tenants[change.Tenant] = true, true
		case *directory.Group:
			s.groups[document.ID], s.tenants[change.Tenant] = true, true
		case *directory.ReasonList:
			s.lists[document.ID], s.tenants[change.Tenant] = true, true
		case *directory.User:
			s.users[document.ID] = true
		case *directory.Membership:
			s.members[document.Key()] = true
			s.users[document.Agent] = true // the account tells of its memberships
		}
	}
	return s
}

func (s scope) hasTenant(id presence.TenantID, _ *directory.Tenant) bool { return s.tenants[id] }

func (s scope) hasUser(id presence.AgentID, user *directory.User) bool {
	return s.users[id] || s.gone[user.DefaultTenant]
}

func (s scope) hasMember(key presence.Key, member *directory.Member) bool {
	return s.members[key] || s.users[key.Agent] || s.gone[key.Tenant] ||
		slices.ContainsFunc(member.Roles, func(r directory.Role) bool { return s.roles[r.ID] }) ||
		slices.ContainsFunc(member.Groups, func(g directory.Group) bool { return s.groups[g.ID] }) ||
		slices.ContainsFunc(member.ReasonLists, func(l directory.ReasonList) bool { return s.lists[l.ID] })
}
