package httpapi

import (
	"cmp"
	"errors"
	"slices"
	"strings"

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
		// What the platform role adds stands in platformPermissions.
		identity.Tenants = append(identity.Tenants, api.TenantMembership{
			TenantID:          tenant.ID.String(),
			TenantName:        tenant.Name,
			TenantActive:      tenant.Active,
			TenantPermissions: permissions(member.RolePermissions),
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

// eachTenant visits the tenants that the caller is an active member of, in the
// order of their names. One that is deleted meanwhile is passed over.
func (c *call) eachTenant(visit func(*directory.Tenant, *directory.Member)) error {
	var tenants []*directory.Tenant
	for _, membership := range c.user.Memberships {
		if !membership.Active {
			continue
		}
		tenant, err := c.server.Directory.Tenant(c.ctx(), membership.Tenant)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		tenants = append(tenants, tenant)
	}
	slices.SortFunc(tenants, func(a, b *directory.Tenant) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Key, b.Key))
	})
	for _, tenant := range tenants {
		member, err := c.server.Directory.Member(c.ctx(), presence.Key{Tenant: tenant.ID, Agent: c.user.ID})
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
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
	if !isActiveMember(c.user, tenant) {
		return nil, notFound()
	}
	err = c.server.Directory.SetDefaultTenant(c.ctx(), c.user.ID, tenant)
	if errors.Is(err, store.ErrConflict) {
		return nil, notFound() // the membership has just ended
	}
	if err != nil {
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

// isActiveMember reports whether the user may enter the tenant.
func isActiveMember(user *directory.User, tenant presence.TenantID) bool {
	return slices.Contains(user.Memberships, directory.UserMembership{Tenant: tenant, Active: true})
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
