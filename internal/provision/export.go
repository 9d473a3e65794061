package provision

import (
	"context"
	"fmt"
	"strconv"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Export writes the directory as a file that [Apply] reads: with all ids, and
// with password hashes only if asked for.
func Export(ctx context.Context, from store.DirectoryReader, withSecrets bool) ([]byte, error) {
	contents, err := from.Load(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the directory: %w", err)
	}
	return exportContents(contents, withSecrets), nil
}

func exportContents(contents *directory.Contents, withSecrets bool) []byte {
	x := &exporter{withSecrets: withSecrets, regions: map[directory.RegionID]string{}, tenants: map[presence.TenantID]*directory.Tenant{},
		memberships: map[presence.AgentID][]*directory.Membership{}}
	for _, region := range contents.Regions {
		x.regions[region.ID] = region.Key
	}
	memberships := contents.MembershipsByTenant()
	for _, tenant := range contents.Tenants {
		x.tenants[tenant.ID] = tenant
		for _, membership := range memberships[tenant.ID] {
			x.memberships[membership.Agent] = append(x.memberships[membership.Agent], membership)
		}
	}
	x.line("# The directory of a Muster installation. Apply it with: muster apply --data DIR FILE (or --server URL)")
	each(&x.emitter, "regions", contents.Regions, x.region)
	each(&x.emitter, "tenants", contents.Tenants, x.tenant)
	each(&x.emitter, "users", contents.Users, x.user)
	return []byte(x.out.String())
}

type exporter struct {
	emitter
	withSecrets bool
	regions     map[directory.RegionID]string
	tenants     map[presence.TenantID]*directory.Tenant
	memberships map[presence.AgentID][]*directory.Membership // by tenant's key
}

func (x *exporter) head(key string, id presence.UUID, name string) {
	x.text("key", key)
	x.text("id", id.String())
	x.text("name", name)
}

func (x *exporter) region(region *directory.Region) {
	x.head(region.Key, region.ID.UUID, region.Name)
	x.text("description", region.Description)
}

func (x *exporter) tenant(tenant *directory.Tenant) {
	x.head(tenant.Key, tenant.ID.UUID, tenant.Name)
	x.text("description", tenant.Description)
	x.bool("active", tenant.Active)
	x.text("timezone", tenant.Timezone)
	x.text("region", x.regions[tenant.Region])
	x.bool("passwordLogin", tenant.PasswordLogin)
	x.outbound(tenant.OutboundIntegration)
	each(&x.emitter, "identityProviders", tenant.IdentityProviders, x.provider)
	x.under("settings", func() { x.settings(tenant.Settings) })
	each(&x.emitter, "roles", tenant.Roles, x.role)
	each(&x.emitter, "groups", tenant.Groups, x.group)
	var own []directory.ReasonList
	for _, list := range tenant.ReasonLists {
		if !list.IsSystem() {
			own = append(own, list)
		}
	}
	each(&x.emitter, "reasonLists", own, x.list)
}

func (x *exporter) outbound(integration *directory.OutboundIntegration) {
	if integration == nil {
		x.raw("outboundIntegration", "null")
		return
	}
	x.under("outboundIntegration", func() {
		x.text("id", integration.ID.String())
		x.text("name", integration.Name)
		x.text("type", integration.Type)
		x.bool("active", integration.Active)
	})
}

func (x *exporter) provider(provider directory.IdentityProvider) {
	x.head(provider.Key, provider.ID.UUID, provider.Name)
	x.text("client", provider.Client)
	x.text("domain", provider.Domain)
}

func (x *exporter) settings(settings directory.Settings) {
	x.text("heartbeatDelay", settings.HeartbeatDelay.String())
	x.raw("heartbeatGrace", strconv.FormatFloat(settings.HeartbeatGrace, 'f', -1, 64))
	x.text("beatDelay", settings.BeatDelay.String())
	x.raw("beatGrace", strconv.FormatFloat(settings.BeatGrace, 'f', -1, 64))
	x.text("lostAfter", settings.LostAfter.String())
	x.text("notReadyAfter", settings.NotReadyAfter.String())
	x.text("endAfter", settings.EndAfter.String())
	x.text("offlineWithWork", string(settings.OfflineWithWork))
	x.raw("workLimit", decimal(settings.WorkLimit))
}

func (x *exporter) role(role directory.Role) {
	x.head(role.Key, role.ID.UUID, role.Name)
	x.text("description", role.Description)
	x.permissions(role.Permissions)
}

func (x *exporter) permissions(permissions directory.Permissions) {
	names := make([]string, len(permissions))
	for i, permission := range permissions {
		names[i] = string(permission)
	}
	x.texts("permissions", names)
}

func (x *exporter) group(group directory.Group) {
	x.head(group.Key, group.ID.UUID, group.Name)
	x.text("description", group.Description)
}

func (x *exporter) list(list directory.ReasonList) {
	x.head(list.Key, list.ID.UUID, list.Name)
	x.text("description", list.Description)
	x.bool("active", list.Active)
	x.bool("shared", list.Shared)
	x.bool("default", list.Default)
	x.text("externalId", list.ExternalID)
	each(&x.emitter, "reasons", list.Reasons, func(reason directory.Reason) {
		x.head(reason.Key, reason.ID.UUID, reason.Name)
		x.bool("active", reason.Active)
		x.raw("sortOrder", decimal(reason.SortOrder))
		x.texts("hierarchy", reason.Hierarchy)
	})
}

func (x *exporter) user(user *directory.User) {
	x.text("username", user.Username)
	x.text("id", user.ID.String())
	x.text("firstName", user.FirstName)
	x.text("lastName", user.LastName)
	x.bool("active", user.Active)
	if x.withSecrets && user.PasswordHash == "" {
		x.raw("passwordHash", "null")
	} else if x.withSecrets {
		x.text("passwordHash", user.PasswordHash)
	}
	if user.PlatformRole.IsZero() {
		x.raw("platformRole", "null")
	} else {
		x.under("platformRole", func() {
			x.text("name", user.PlatformRole.Name)
			x.permissions(user.PlatformRole.Permissions)
		})
	}
	if tenant := x.tenants[user.DefaultTenant]; tenant != nil {
		x.text("defaultTenant", tenant.Key)
	} else {
		x.raw("defaultTenant", "null")
	}
	each(&x.emitter, "tenants", x.memberships[user.ID], x.membership)
}

func (x *exporter) membership(membership *directory.Membership) {
	tenant := x.tenants[membership.Tenant]
	member := directory.NewMember(tenant, &directory.User{}, membership)
	x.text("tenant", tenant.Key)
	x.bool("active", membership.Active)
	x.texts("roles", keys(member.Roles, func(r directory.Role) string { return r.Key }))
	x.texts("groups", keys(member.Groups, func(g directory.Group) string { return g.Key }))
	x.texts("skills", membership.Skills)
	x.texts("reasonLists", keys(member.ReasonLists, func(l directory.ReasonList) string { return l.Key }))
	each(&x.emitter, "extensions", membership.Extensions, x.extension)
	if member.ActiveExtension != nil {
		x.text("activeExtension", member.ActiveExtension.Value)
	} else {
		x.raw("activeExtension", "null")
	}
}

func (x *exporter) extension(extension directory.Extension) {
	x.text("id", extension.ID.String())
	x.text("type", string(extension.Type))
	x.text("value", extension.Value)
	x.text("description", extension.Description)
	x.optional("provider", extension.Provider)
	x.optional("region", extension.Region)
	x.optional("sdkVersion", extension.SDKVersion)
}

func keys[T any](all []T, key func(T) string) []string {
	found := make([]string, len(all))
	for i, entity := range all {
		found[i] = key(entity)
	}
	return found
}
