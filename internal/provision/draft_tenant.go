package provision

import (
	"slices"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func (d *draft) regionsOf(spec *Spec) {
	for _, s := range spec.regions {
		region := directory.Region{Key: s.key.value, Name: s.key.value}
		if current := d.regions[s.key.value]; current != nil {
			region = *current
		}
		region.ID.UUID = d.identify(s.id, region.ID.UUID, "region "+region.Key)
		region.Name = s.name.or(region.Name)
		region.Description = s.description.or(region.Description)
		d.regions[region.Key] = &region
		d.named[region.Key] = s.at
	}
}

func (d *draft) tenantsOf(spec *Spec) {
	for _, s := range spec.tenants {
		tenant := d.tenants[s.key.value]
		if tenant == nil {
			tenant = d.newTenant(s)
		}
		tenant.named, tenant.at, tenant.spec = true, s.at, s
		tenant.ID.UUID = d.identify(s.id, tenant.ID.UUID, "tenant "+tenant.Key)
		tenant.Name = s.name.or(tenant.Name)
		tenant.Description = s.description.or(tenant.Description)
		tenant.Active = s.active.or(tenant.Active)
		tenant.Timezone = s.timezone.or(tenant.Timezone)
		tenant.PasswordLogin = s.passwordLogin.or(tenant.PasswordLogin)
		tenant.Settings = s.settings.over(tenant.Settings)
		d.placeTenant(tenant, s.region)
		d.outboundOf(tenant, s.outbound)
		d.providersOf(tenant, s.providers)
		d.rolesOf(tenant, s.roles)
		d.groupsOf(tenant, s.groups)
		d.listsOf(tenant, s.lists)
	}
}

// newTenant starts a tenant with the defaults.
func (d *draft) newTenant(s tenantSpec) *tenantDraft {
	tenant := &tenantDraft{Tenant: directory.Tenant{
		Key: s.key.value, Name: s.key.value, Active: true, PasswordLogin: true,
		Settings:    directory.DefaultSettings(),
		ReasonLists: []directory.ReasonList{directory.SystemList()},
	}}
	if s.timezone.missing() {
		d.problems.lacks(s.at, `timezone, in which the tenant's days begin and end: add one, such as "Europe/Berlin"`)
	}
	if s.region.missing() {
		d.problems.lacks(s.at, "region, where the tenant is served: add the key of one")
	}
	d.tenants[tenant.Key] = tenant
	return tenant
}

func (d *draft) placeTenant(tenant *tenantDraft, key opt[string]) {
	if !key.set {
		return
	}
	region, ok := d.regions[key.value]
	if !ok {
		d.problems.unknown(key.at, "region", "there is no region of this key: %s", didYouMean(key.value, keysOf(d.regions)))
		return
	}
	tenant.Region = region.ID
}

func (d *draft) outboundOf(tenant *tenantDraft, s opt[outboundSpec]) {
	if !s.set {
		return
	}
	if s.null {
		tenant.OutboundIntegration = nil
		return
	}
	integration := directory.OutboundIntegration{Active: true}
	if tenant.OutboundIntegration != nil {
		integration = *tenant.OutboundIntegration
	} else {
		d.require(s.at, s.value.name, "name")
		d.require(s.at, s.value.kind, "type")
	}
	integration.ID.UUID = d.identify(s.value.id, integration.ID.UUID, "the outbound integration of "+tenant.Key)
	integration.Name = s.value.name.or(integration.Name)
	integration.Type = s.value.kind.or(integration.Type)
	integration.Active = s.value.active.or(integration.Active)
	tenant.OutboundIntegration = &integration
}

// require tells when something new lacks a field that has no default.
func (d *draft) require(at Position, field opt[string], name string) {
	if field.missing() {
		d.problems.lacks(at, "%s: add it", name)
	}
}

func (d *draft) providersOf(tenant *tenantDraft, specs []providerSpec) {
	for _, s := range specs {
		is := func(p *directory.IdentityProvider) bool { return p.Key == s.key.value }
		upsert(&tenant.IdentityProviders, is, func(provider *directory.IdentityProvider, exists bool) {
			if !exists {
				provider.Key, provider.Name = s.key.value, s.key.value
				d.require(s.at, s.client, "client")
				d.require(s.at, s.domain, "domain")
			}
			provider.ID.UUID = d.identify(s.id, provider.ID.UUID, "identity provider "+tenant.Key+"/"+provider.Key)
			provider.Name = s.name.or(provider.Name)
			provider.Client = s.client.or(provider.Client)
			provider.Domain = s.domain.or(provider.Domain)
		})
	}
}

func (d *draft) rolesOf(tenant *tenantDraft, specs []roleSpec) {
	for _, s := range specs {
		is := func(r *directory.Role) bool { return r.Key == s.key.value }
		upsert(&tenant.Roles, is, func(role *directory.Role, exists bool) {
			if !exists {
				role.Key, role.Name, role.Permissions = s.key.value, s.key.value, directory.Permissions{}
			}
			role.ID.UUID = d.identify(s.id, role.ID.UUID, "role "+tenant.Key+"/"+role.Key)
			role.Name = s.name.or(role.Name)
			role.Description = s.description.or(role.Description)
			if s.permissions.set {
				role.Permissions = permissionsOf(s.permissions.value)
			}
		})
	}
}

func permissionsOf(named []opt[string]) directory.Permissions {
	permissions := make([]api.Permission, len(named))
	for i, permission := range named {
		permissions[i] = api.Permission(permission.value)
	}
	return directory.NewPermissions(permissions)
}

func (d *draft) groupsOf(tenant *tenantDraft, specs []head) {
	for _, s := range specs {
		is := func(g *directory.Group) bool { return g.Key == s.key.value }
		upsert(&tenant.Groups, is, func(group *directory.Group, exists bool) {
			if !exists {
				group.Key, group.Name = s.key.value, s.key.value
			}
			group.ID.UUID = d.identify(s.id, group.ID.UUID, "group "+tenant.Key+"/"+group.Key)
			group.Name = s.name.or(group.Name)
			group.Description = s.description.or(group.Description)
		})
	}
}

func (d *draft) listsOf(tenant *tenantDraft, specs []listSpec) {
	for _, s := range specs {
		is := func(l *directory.ReasonList) bool { return l.Key == s.key.value }
		upsert(&tenant.ReasonLists, is, func(list *directory.ReasonList, exists bool) {
			if !exists {
				list.Key, list.Name, list.Active = s.key.value, s.key.value, true
			}
			list.ID.UUID = d.identify(s.id, list.ID.UUID, "reason list "+tenant.Key+"/"+list.Key)
			list.Name = s.name.or(list.Name)
			list.Description = s.description.or(list.Description)
			list.Active = s.active.or(list.Active)
			list.Shared = s.shared.or(list.Shared)
			list.Default = s.isDefault.or(list.Default)
			list.ExternalID = s.externalID.or(list.ExternalID)
			list.Reasons = slices.Clone(list.Reasons)
			d.reasonsOf(tenant, list, s.reasons)
		})
	}
}

func (d *draft) reasonsOf(tenant *tenantDraft, list *directory.ReasonList, specs []reasonSpec) {
	for i, s := range specs {
		is := func(r *directory.Reason) bool { return r.Key == s.key.value }
		upsert(&list.Reasons, is, func(reason *directory.Reason, exists bool) {
			if !exists {
				*reason = directory.Reason{Key: s.key.value, Name: s.key.value, Active: true, SortOrder: i + 1, Hierarchy: []string{}}
			}
			reason.ID.UUID = d.identify(s.id, reason.ID.UUID, "reason "+tenant.Key+"/"+list.Key+"/"+reason.Key)
			reason.Name = s.name.or(reason.Name)
			reason.Active = s.active.or(reason.Active)
			reason.SortOrder = s.sortOrder.or(reason.SortOrder)
			if s.hierarchy.set {
				reason.Hierarchy = valuesOf(s.hierarchy.value)
			}
		})
	}
	list.Arrange()
}

// listIDs returns the ids of the tenant's own lists by key.
func (t *tenantDraft) listIDs() map[string]presence.ReasonListID {
	ids := map[string]presence.ReasonListID{}
	for _, list := range t.ReasonLists {
		if !list.IsSystem() {
			ids[list.Key] = list.ID
		}
	}
	return ids
}

func (t *tenantDraft) roleIDs() map[string]directory.RoleID {
	ids := map[string]directory.RoleID{}
	for _, role := range t.Roles {
		ids[role.Key] = role.ID
	}
	return ids
}

func (t *tenantDraft) groupIDs() map[string]directory.GroupID {
	ids := map[string]directory.GroupID{}
	for _, group := range t.Groups {
		ids[group.Key] = group.ID
	}
	return ids
}
