package httpapi

import (
	"errors"
	"net/netip"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	// authInfoRequestsPerMinute is what one address may ask for, so that nobody
	// tries out names.
	authInfoRequestsPerMinute = 60
	// tenantsLookedUp is for how many tenants a user name is looked up at least,
	// so that the time does not tell a name that exists from one that does not.
	tenantsLookedUp = 8
)

// limited lets an address ask only so often.
func limited(handle func(*call) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		if wait := c.server.authRate.take(c.neighbourhood(), time.Now()); wait > 0 {
			return nil, rateLimited(wait, "Too many of these requests from here within this minute. Wait as long as Retry-After says, then try again.")
		}
		return handle(c)
	}
}

// neighbourhood is the caller's address, in IPv6 with those that one caller has
// at hand.
func (c *call) neighbourhood() netip.Prefix {
	address, bits := auth.AddressOf(c.r.RemoteAddr).Unmap().WithZone(""), 32
	if address.Is6() {
		bits = 64
	}
	around, _ := address.Prefix(bits) // of the zero address the zero one: all unknown ones together
	return around
}

// getAuthInfo answers for a tenant's id or a user's name. Whatever has no
// identity provider, or does not exist, has the same answer.
func getAuthInfo(c *call) (any, error) {
	subject := c.r.PathValue("subject")
	if id, err := presence.ParseUUID(subject); err == nil {
		return c.authInfoOf([]presence.TenantID{{UUID: id}}, firstProvider)
	}
	user, err := c.server.Directory.UserByName(c.ctx(), subject)
	if errors.Is(err, store.ErrNotFound) {
		user, err = new(directory.User), nil
	}
	if err != nil {
		return nil, err
	}
	tenants := enterable(user)
	for len(tenants) < tenantsLookedUp {
		tenants = append(tenants, presence.TenantID{}) // the id of no tenant
	}
	return c.authInfoOf(tenants, firstProvider)
}

// getAuthInfoOfProvider answers for one provider of a tenant. Here a text that
// is no id is an unknown one: nothing is told apart.
func getAuthInfoOfProvider(c *call) (any, error) {
	tenant, err := presence.ParseUUID(c.r.PathValue("tenantId"))
	if err != nil {
		return nil, notFound()
	}
	provider, err := presence.ParseUUID(c.r.PathValue("identityProviderId"))
	if err != nil {
		return nil, notFound()
	}
	return c.authInfoOf([]presence.TenantID{{UUID: tenant}}, func(p directory.IdentityProvider) bool { return p.ID.UUID == provider })
}

// enterable lists the tenants that a user may enter, the default one first.
func enterable(user *directory.User) []presence.TenantID {
	if !user.Active {
		return nil
	}
	var tenants []presence.TenantID
	if isActiveMember(user, user.DefaultTenant) {
		tenants = append(tenants, user.DefaultTenant)
	}
	for _, membership := range user.Memberships {
		if membership.Active && membership.Tenant != user.DefaultTenant {
			tenants = append(tenants, membership.Tenant)
		}
	}
	return tenants
}

func firstProvider(directory.IdentityProvider) bool { return true }

// authInfoOf is the first identity provider that is wanted, of the first tenant
// that has it.
func (c *call) authInfoOf(tenants []presence.TenantID, wanted func(directory.IdentityProvider) bool) (any, error) {
	for _, id := range tenants {
		tenant, err := c.server.Directory.Tenant(c.ctx(), id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, provider := range tenant.IdentityProviders {
			if wanted(provider) {
				return api.AuthInfo{Client: provider.Client, Domain: provider.Domain}, nil
			}
		}
	}
	return nil, notFound()
}
