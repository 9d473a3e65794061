package provision

import (
	"slices"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// prune deletes what no file names. What is kept loses its references to what is
// deleted. The acting administrator stays, with the memberships in the tenants
// that stay.
func (d *draft) prune() {
	for key, tenant := range d.tenants {
		if !tenant.named {
			delete(d.tenants, key)
			continue
		}
		pruneTenant(tenant)
	}
	for name, user := range d.users {
		if !user.named && !d.isActor(user) {
			delete(d.users, name)
		}
	}
	tenants := map[presence.TenantID]*tenantDraft{}
	for _, tenant := range d.tenants {
		tenants[tenant.ID] = tenant
	}
	agents := map[presence.AgentID]*userDraft{}
	for _, user := range d.users {
		agents[user.ID] = user
	}
	for key, membership := range d.memberships {
		tenant, user := tenants[key.Tenant], agents[key.Agent]
		if tenant == nil || user == nil || !membership.named && !d.isActor(user) {
			delete(d.memberships, key)
			continue
		}
		pruneMembership(membership, tenant)
	}
	for _, user := range d.users {
		if d.memberships[presence.Key{Tenant: user.DefaultTenant, Agent: user.ID}] == nil {
			user.DefaultTenant = presence.TenantID{}
		}
	}
	d.pruneRegions()
}

func (d *draft) isActor(user *userDraft) bool {
	return !d.options.Actor.IsZero() && user.ID == d.options.Actor
}

func pruneTenant(tenant *tenantDraft) {
	keep(&tenant.IdentityProviders, tenant.spec.providers, func(p *directory.IdentityProvider, s providerSpec) bool { return p.Key == s.key.value })
	keep(&tenant.Roles, tenant.spec.roles, func(r *directory.Role, s roleSpec) bool { return r.Key == s.key.value })
	keep(&tenant.Groups, tenant.spec.groups, func(g *directory.Group, s head) bool { return g.Key == s.key.value })
	keep(&tenant.ReasonLists, tenant.spec.lists, func(l *directory.ReasonList, s listSpec) bool {
		if l.Key == s.key.value {
			keep(&l.Reasons, s.reasons, func(r *directory.Reason, s reasonSpec) bool { return r.Key == s.key.value })
			return true
		}
		return false
	})
	tenant.ReasonLists = append(tenant.ReasonLists, directory.SystemList())
}

// keep reduces a list to what is named.
func keep[T, S any](all *[]T, named []S, is func(*T, S) bool) {
	var kept []T
	for _, entity := range *all {
		if slices.ContainsFunc(named, func(s S) bool { return is(&entity, s) }) {
			kept = append(kept, entity)
		}
	}
	*all = kept
}

func pruneMembership(membership *membershipDraft, tenant *tenantDraft) {
	keep(&membership.Roles, tenant.Roles, func(id *directory.RoleID, r directory.Role) bool { return *id == r.ID })
	keep(&membership.Groups, tenant.Groups, func(id *directory.GroupID, g directory.Group) bool { return *id == g.ID })
	keep(&membership.ReasonLists, tenant.ReasonLists, func(id *presence.ReasonListID, l directory.ReasonList) bool { return *id == l.ID })
	if membership.named {
		keep(&membership.Extensions, membership.spec.extensions, func(e *directory.Extension, s extensionSpec) bool { return e.Value == s.value.value })
	}
	if !membership.HasExtension(membership.ActiveExtension) {
		membership.ActiveExtension = directory.ExtensionID{}
	}
}

func (d *draft) pruneRegions() {
	for key, region := range d.regions {
		if _, named := d.named[key]; named {
			continue
		}
		delete(d.regions, key)
		for _, tenant := range d.tenants {
			if tenant.Region == region.ID {
				d.problems.add(tenant.at, "is in the region %q, which no file names and which would be deleted: name it in a file or give the tenant another region", key)
			}
		}
	}
}
