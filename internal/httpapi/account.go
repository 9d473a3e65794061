package httpapi

import (
	"errors"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func login(c *call) (any, error) {
	if _, err := c.decode(&struct{}{}); err != nil {
		return nil, err
	}
	identity := api.UserIdentity{
		UserID:              c.user.ID.String(),
		Username:            c.user.Username,
		FirstName:           c.user.FirstName,
		LastName:            c.user.LastName,
		DefaultTenant:       optional(c.user.DefaultTenant.UUID),
		PlatformPermissions: permissions(c.user.PlatformRole.Permissions),
		Tenants:             []api.TenantMembership{},
	}
	if name := c.user.PlatformRole.Name; name != "" {
		identity.PlatformRoleName = &name
	}
	err := c.eachTenant(func(tenant *directory.Tenant, member *directory.Member) {
		identity.Tenants = append(identity.Tenants, api.TenantMembership{
			TenantID:          tenant.ID.String(),
			TenantName:        tenant.Name,
			TenantActive:      tenant.Active,
			TenantPermissions: permissions(member.Permissions),
		})
	})
	return identity, err
}

func listTenantDetails(c *call) (any, error) {
	details := []api.TenantDetails{}
	err := c.eachTenant(func(tenant *directory.Tenant, _ *directory.Member) {
		details = append(details, api.TenantDetails{
			TenantID:          tenant.ID.String(),
			Name:              tenant.Name,
			Description:       tenant.Description,
			Active:            tenant.Active,
			Password:          tenant.PasswordLogin,
			IdentityProviders: identityProviders(tenant),
		})
	})
	return details, err
}

// eachTenant visits the tenants that the caller is an active member of.
func (c *call) eachTenant(visit func(*directory.Tenant, *directory.Member)) error {
	for _, membership := range c.user.Memberships {
		if !membership.Active {
			continue
		}
		tenant, err := c.server.Directory.Tenant(c.ctx(), membership.Tenant)
		if err != nil {
			return err
		}
		member, err := c.server.Directory.Member(c.ctx(), presence.Key{Tenant: tenant.ID, Agent: c.user.ID})
		if err != nil {
			return err
		}
		visit(tenant, member)
	}
	return nil
}

func updateUser(c *call) (any, error) {
	var request struct {
		DefaultTenant *string `json:"defaultTenant"`
	}
	if _, err := c.decode(&request); err != nil {
		return nil, err
	}
	if request.DefaultTenant == nil {
		return nil, missing("defaultTenant")
	}
	id, err := optionalID("defaultTenant", request.DefaultTenant)
	if err != nil {
		return nil, err
	}
	tenant := presence.TenantID{UUID: id}
	if !c.user.IsMember(tenant) {
		return nil, notFound()
	}
	if err := c.server.Directory.SetDefaultTenant(c.ctx(), c.user.ID, tenant); err != nil {
		return nil, err
	}
	user, err := c.server.Directory.User(c.ctx(), c.user.ID)
	if err != nil {
		return nil, err
	}
	return api.User{
		ID:            user.ID.String(),
		Username:      user.Username,
		FirstName:     user.FirstName,
		LastName:      user.LastName,
		DefaultTenant: optional(user.DefaultTenant.UUID),
	}, nil
}

// getAuthInfo answers for a tenant's id or a user's name. Whatever has no
// identity provider, or does not exist, has the same answer.
func getAuthInfo(c *call) (any, error) {
	subject := c.r.PathValue("subject")
	if id, err := presence.ParseUUID(subject); err == nil {
		return c.authInfoOf([]presence.TenantID{{UUID: id}}, directory.IdentityProviderID{})
	}
	user, err := c.server.Directory.UserByName(c.ctx(), subject)
	if errors.Is(err, store.ErrNotFound) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	tenants := []presence.TenantID{user.DefaultTenant}
	for _, membership := range user.Memberships {
		tenants = append(tenants, membership.Tenant)
	}
	return c.authInfoOf(tenants, directory.IdentityProviderID{})
}

func getAuthInfoOfProvider(c *call) (any, error) {
	tenant, err := c.pathID("tenantId")
	if err != nil {
		return nil, err
	}
	provider, err := c.pathID("identityProviderId")
	if err != nil {
		return nil, err
	}
	return c.authInfoOf([]presence.TenantID{{UUID: tenant}}, directory.IdentityProviderID{UUID: provider})
}

// authInfoOf is the wanted identity provider, or the first one, of the first
// tenant that has it.
func (c *call) authInfoOf(tenants []presence.TenantID, wanted directory.IdentityProviderID) (any, error) {
	for _, id := range tenants {
		tenant, err := c.server.Directory.Tenant(c.ctx(), id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, provider := range tenant.IdentityProviders {
			if wanted.IsZero() || wanted == provider.ID {
				return plain{api.AuthInfo{Client: provider.Client, Domain: provider.Domain}}, nil
			}
		}
	}
	return nil, notFound()
}

func identityProviders(tenant *directory.Tenant) []api.IdentityProvider {
	providers := make([]api.IdentityProvider, len(tenant.IdentityProviders))
	for i, p := range tenant.IdentityProviders {
		providers[i] = api.IdentityProvider{ID: p.ID.String(), Name: p.Name, Client: p.Client, Domain: p.Domain}
	}
	return providers
}

func permissions(all directory.Permissions) []api.Permission {
	if all == nil {
		return []api.Permission{}
	}
	return all
}

// optional is an id that may be none.
func optional(id presence.UUID) *string {
	if id.IsZero() {
		return nil
	}
	return new(id.String())
}
