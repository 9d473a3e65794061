package directory

import "slices"

// fields gathers the names of the fields that differ, as they stand in files. A
// slice that is nil and one that is empty say the same.
type fields []string

func (f *fields) add(differs bool, name string) {
	if differs {
		*f = append(*f, name)
	}
}

func (r *Region) changed(after *Region) []string {
	var f fields
	f.add(r.Key != after.Key, "key")
	f.add(r.Name != after.Name, "name")
	f.add(r.Description != after.Description, "description")
	return f
}

func (t *Tenant) changed(after *Tenant) []string {
	var f fields
	f.add(t.Key != after.Key, "key")
	f.add(t.Name != after.Name, "name")
	f.add(t.Description != after.Description, "description")
	f.add(t.Active != after.Active, "active")
	f.add(t.Timezone != after.Timezone, "timezone")
	f.add(t.Region != after.Region, "region")
	f.add(t.PasswordLogin != after.PasswordLogin, "passwordLogin")
	f.add(!slices.Equal(t.IdentityProviders, after.IdentityProviders), "identityProviders")
	f.add(!equalIntegrations(t.OutboundIntegration, after.OutboundIntegration), "outboundIntegration")
	f.add(t.Settings.HeartbeatDelay != after.Settings.HeartbeatDelay, "settings.heartbeatDelay")
	f.add(t.Settings.HeartbeatGrace != after.Settings.HeartbeatGrace, "settings.heartbeatGrace")
	f.add(t.Settings.BeatDelay != after.Settings.BeatDelay, "settings.beatDelay")
	f.add(t.Settings.BeatGrace != after.Settings.BeatGrace, "settings.beatGrace")
	f.add(t.Settings.LostAfter != after.Settings.LostAfter, "settings.lostAfter")
	f.add(t.Settings.NotReadyAfter != after.Settings.NotReadyAfter, "settings.notReadyAfter")
	f.add(t.Settings.EndAfter != after.Settings.EndAfter, "settings.endAfter")
	f.add(t.Settings.OfflineWithWork != after.Settings.OfflineWithWork, "settings.offlineWithWork")
	f.add(t.Settings.WorkLimit != after.Settings.WorkLimit, "settings.workLimit")
	return f
}

func (r *Role) changed(after *Role) []string {
	var f fields
	f.add(r.Key != after.Key, "key")
	f.add(r.Name != after.Name, "name")
	f.add(r.Description != after.Description, "description")
	f.add(!slices.Equal(r.Permissions, after.Permissions), "permissions")
	return f
}

func (g *Group) changed(after *Group) []string {
	var f fields
	f.add(g.Key != after.Key, "key")
	f.add(g.Name != after.Name, "name")
	f.add(g.Description != after.Description, "description")
	return f
}

func (l *ReasonList) changed(after *ReasonList) []string {
	var f fields
	f.add(l.Key != after.Key, "key")
	f.add(l.Name != after.Name, "name")
	f.add(l.Description != after.Description, "description")
	f.add(l.Active != after.Active, "active")
	f.add(l.Shared != after.Shared, "shared")
	f.add(l.Default != after.Default, "default")
	f.add(l.ExternalID != after.ExternalID, "externalId")
	f.add(!slices.EqualFunc(l.Reasons, after.Reasons, Reason.equal), "reasons")
	return f
}

func (u *User) changed(after *User) []string {
	var f fields
	f.add(u.Username != after.Username, "username")
	f.add(u.FirstName != after.FirstName, "firstName")
	f.add(u.LastName != after.LastName, "lastName")
	f.add(u.Active != after.Active, "active")
	f.add(!u.PlatformRole.equal(after.PlatformRole), "platformRole")
	f.add(u.PasswordHash != after.PasswordHash, fieldPassword)
	f.add(u.DefaultTenant != after.DefaultTenant, fieldDefaultTenant)
	return f
}

func (m *Membership) changed(after *Membership) []string {
	var f fields
	f.add(m.Active != after.Active, "active")
	f.add(!slices.Equal(m.Roles, after.Roles), "roles")
	f.add(!slices.Equal(m.Groups, after.Groups), "groups")
	f.add(!slices.Equal(m.Skills, after.Skills), "skills")
	f.add(!slices.Equal(m.ReasonLists, after.ReasonLists), "reasonLists")
	f.add(!slices.Equal(m.Extensions, after.Extensions), "extensions")
	f.add(m.ActiveExtension != after.ActiveExtension, fieldActiveExtension)
	return f
}

func (r Reason) equal(other Reason) bool {
	return r.ID == other.ID && r.Key == other.Key && r.Name == other.Name && r.Active == other.Active &&
		r.SortOrder == other.SortOrder && slices.Equal(r.Hierarchy, other.Hierarchy)
}

func (r PlatformRole) equal(other PlatformRole) bool {
	return r.Name == other.Name && slices.Equal(r.Permissions, other.Permissions)
}

func equalIntegrations(a, b *OutboundIntegration) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
