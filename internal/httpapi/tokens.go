package httpapi

import (
	"errors"
	"slices"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func createToken(c *call) (any, error) {
	var request api.TokenRequest
	if _, err := c.decode(&request); err != nil {
		return nil, err
	}
	if request.Username == "" {
		return nil, missing("username")
	}
	if request.Password == "" {
		return nil, missing("password")
	}
	attempt := auth.Attempt{Username: request.Username, Password: request.Password, Address: auth.AddressOf(c.r.RemoteAddr)}
	if request.TTL != nil {
		attempt.TTL = max(auth.Seconds(*request.TTL), auth.ShortestLife) // 0 would ask for the default
	}
	token, life, err := c.server.Logins.Login(c.ctx(), attempt)
	if err != nil {
		return nil, err
	}
	return plain{api.TokenResponse{Token: token, TTL: int64(life / time.Second)}}, nil
}

func revokeCurrentToken(c *call) (any, error) {
	if err := c.server.Tokens.Revoke(c.ctx(), c.identity); err != nil {
		return nil, err
	}
	c.server.AccessChanged()
	return api.Revocation{UserID: c.user.ID.String(), Timestamp: c.timestamp()}, nil
}

// revokeTokens ends all tokens of a user and with them the user's sessions:
// nobody could go on with them.
func revokeTokens(c *call) (any, error) {
	target, err := c.accountToRevoke()
	if err != nil {
		return nil, err
	}
	if err := c.server.Tokens.RevokeAll(c.ctx(), target.ID); err != nil {
		return nil, err
	}
	c.server.AccessChanged()
	if target.ID != c.user.ID {
		if err := c.server.Storage.AppendAudit(c.ctx(), c.revocationEntries(target)); err != nil {
			return nil, err
		}
	}
	actor := presence.Actor{Cause: presence.BySupervisor, ID: c.user.ID, Name: c.user.Name()}
	if target.ID == c.user.ID {
		actor.Cause = presence.ByAgent
	}
	for _, membership := range target.Memberships {
		_, err := c.server.Engine.Do(c.ctx(), engine.Request{
			Key:     presence.Key{Tenant: membership.Tenant, Agent: target.ID},
			Command: presence.Revoke{By: actor},
		})
		if err != nil {
			return nil, err
		}
	}
	return api.Revocation{UserID: target.ID.String(), Timestamp: c.timestamp()}, nil
}

// accountToRevoke is the caller's own, or that of a member of a tenant that the
// caller administers. Others are as unknown as accounts that do not exist.
func (c *call) accountToRevoke() (*directory.User, error) {
	if c.own() {
		return c.user, nil
	}
	administered, err := c.administered()
	if err != nil {
		return nil, err
	}
	onPlatform := c.user.PlatformRole.Permissions.Has(api.PermissionManageTenant)
	if len(administered) == 0 && !onPlatform {
		return nil, forbidden(api.PermissionManageTenant)
	}
	target, err := c.server.Directory.User(c.ctx(), c.targetID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, notFound()
	}
	if err != nil {
		return nil, err
	}
	if !onPlatform && !slices.ContainsFunc(administered, target.IsMember) {
		return nil, notFound()
	}
	if !onPlatform && !target.PlatformRole.IsZero() {
		// Whoever administers one tenant must not lock out those who administer all.
		return nil, forbidden(api.PermissionManageTenant)
	}
	return target, nil
}

// administered lists the tenants that the caller administers.
func (c *call) administered() ([]presence.TenantID, error) {
	var tenants []presence.TenantID
	for _, membership := range c.user.Memberships {
		member, err := c.server.Directory.Member(c.ctx(), presence.Key{Tenant: membership.Tenant, Agent: c.user.ID})
		if err != nil {
			return nil, err
		}
		if member.Active && member.Can(api.PermissionManageTenant) {
			tenants = append(tenants, membership.Tenant)
		}
	}
	return tenants, nil
}

func (c *call) revocationEntries(target *directory.User) []store.AuditEntry {
	var entries []store.AuditEntry
	for _, membership := range target.Memberships {
		entry := c.audited("revoke_tokens", nil)
		entry.Tenant, entry.Target, entry.TargetName = membership.Tenant, target.ID, target.Name()
		entries = append(entries, *entry)
	}
	return entries
}
