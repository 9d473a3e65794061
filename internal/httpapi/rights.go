package httpapi

import (
	"errors"
	"fmt"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// right says who may call an operation. Its text stands in api/openapi.yaml as
// x-muster-right.
type right struct {
	// public: everybody, without a token.
	public bool
	// others: the path may name another user than the caller.
	others bool
	// own is what the caller needs for itself, "" for nothing.
	own api.Permission
	// forOthers is what the caller needs for another user.
	forOthers api.Permission
	// platform: own must come from the platform role.
	platform bool
	// byHandler: what the caller needs depends on more than one tenant; the
	// handler asks.
	byHandler bool
	// silently is what the caller needs instead of own where the request is for
	// silent monitoring; the handler, which reads the body, asks for both.
	silently api.Permission
	// inactiveToo: in a tenant that is switched off too.
	inactiveToo bool
	text        string
}

func public() right { return right{public: true, text: "public"} }

// self: the token's own user, for itself only.
func self() right { return right{text: "self"} }

// members: every member of the tenant in the path.
func members() right { return right{inactiveToo: true, text: "member"} }

// selfOr: every member for itself, and with the permission for others.
func selfOr(p api.Permission) right {
	return right{others: true, forOthers: p, text: "self-or:" + string(p)}
}

// ownAnd: with one permission for itself, with another for others.
func ownAnd(own, others api.Permission) right {
	return right{others: true, own: own, forOthers: others, text: fmt.Sprintf("own:%s,others:%s", own, others)}
}

// ownOrSilent: for itself with one permission, silently with another instead.
func ownOrSilent(own, silently api.Permission) right {
	return right{own: own, silently: silently, text: fmt.Sprintf("own:%s|silent:%s", own, silently)}
}

// permission: with the permission, for whomever.
func permission(p api.Permission) right {
	return right{others: true, own: p, forOthers: p, text: "permission:" + string(p)}
}

// platform: with the permission in the platform role.
func platform(p api.Permission) right {
	return right{own: p, platform: true, text: "platform:" + string(p)}
}

// selfOrAnywhere: for itself, and for others with the permission in any tenant
// that both are members of.
func selfOrAnywhere(p api.Permission) right {
	return right{others: true, byHandler: true, forOthers: p, text: "self-or:" + string(p)}
}

// admit establishes who calls, for what, and that the caller may.
func (c *call) admit() error {
	right := c.route.right
	if right.public {
		return nil
	}
	if err := c.authenticate(); err != nil {
		return err
	}
	if err := c.readPath(); err != nil {
		return err
	}
	if right.platform {
		if !c.user.PlatformRole.Permissions.Has(right.own) {
			return forbidden(right.own)
		}
		return nil
	}
	if c.tenant == nil {
		return c.admitToAccount(right)
	}
	return c.admitToTenant(right)
}

// authenticate finds the token's user.
func (c *call) authenticate() error {
	scheme, token, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Token") && !strings.EqualFold(scheme, "Bearer") {
		return newFault(api.CodeBadCredentials, "This needs a token, in the header Authorization: Token <token>.")
	}
	identity, err := c.server.Tokens.Verify(c.ctx(), strings.TrimSpace(token))
	if err != nil {
		return err
	}
	c.identity = identity
	c.user, err = c.server.Directory.User(c.ctx(), identity.User)
	if errors.Is(err, store.ErrNotFound) {
		return auth.ErrTokenRevoked // deleted since the token was looked at
	}
	return err
}

// readPath reads the tenant and the user that the path names. The ids are read
// before anything is looked up: what is no id is wrong wherever it points.
func (c *call) readPath() error {
	var tenant presence.UUID
	var err error
	namesTenant, namesUser := c.r.PathValue("tenantId") != "", c.r.PathValue("userId") != ""
	if namesTenant {
		if tenant, err = c.pathID("tenantId"); err != nil {
			return err
		}
	}
	if namesUser {
		if c.targetID.UUID, err = c.pathID("userId"); err != nil {
			return err
		}
	}
	if namesTenant {
		return c.enter(presence.TenantID{UUID: tenant})
	}
	return nil
}

// enter makes the caller a member of the tenant, or answers as if there were no
// such tenant.
func (c *call) enter(tenant presence.TenantID) error {
	if !c.user.IsMember(tenant) {
		return notFound()
	}
	var err error
	if c.member, err = c.server.Directory.Member(c.ctx(), presence.Key{Tenant: tenant, Agent: c.user.ID}); err != nil {
		return err
	}
	if !c.member.Active {
		return notFound()
	}
	c.tenant, err = c.server.Directory.Tenant(c.ctx(), tenant)
	return err
}

// admitToAccount is for paths without a tenant.
func (c *call) admitToAccount(right right) error {
	if c.targetID.IsZero() || c.own() || right.byHandler {
		return nil
	}
	return newFault(api.CodeForbidden, "This is for one's own account only.")
}

func (c *call) admitToTenant(right right) error {
	if !c.tenant.Active && !right.inactiveToo {
		return newFault(api.CodeForbidden, "This tenant is switched off.")
	}
	if c.targetID.IsZero() || c.own() {
		c.target = c.member
		if right.silently != "" {
			return nil
		}
		return c.needs(right.own)
	}
	if !right.others {
		return newFault(api.CodeForbidden, "This is for one's own user only.")
	}
	if err := c.needs(right.forOthers); err != nil {
		return err
	}
	target, err := c.targetMember()
	c.target = target
	return err
}

// needs asks for a permission in the tenant; "" for none.
func (c *call) needs(p api.Permission) error {
	if p != "" && !c.member.Can(p) {
		return forbidden(p)
	}
	return nil
}

// targetMember finds another user in the tenant. Inactive ones are found: their
// history can be read.
func (c *call) targetMember() (*directory.Member, error) {
	target, err := c.server.Directory.Member(c.ctx(), c.key())
	if errors.Is(err, store.ErrNotFound) {
		return nil, notFound()
	}
	return target, err
}
