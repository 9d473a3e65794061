package directory

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
)

// Contents is a whole directory at one moment.
type Contents struct {
	// Revision counts the times that changes were applied. It is not raised by
	// what users change themselves.
	Revision int64
	// Regions and Tenants are sorted by key, Users by folded user name,
	// Memberships by tenant id, then agent id.
	Regions     []*Region
	Tenants     []*Tenant
	Users       []*User
	Memberships []*Membership
}

// Arrange brings everything into its one order.
func (c *Contents) Arrange() {
	slices.SortFunc(c.Regions, func(a, b *Region) int { return strings.Compare(a.Key, b.Key) })
	slices.SortFunc(c.Tenants, func(a, b *Tenant) int { return strings.Compare(a.Key, b.Key) })
	slices.SortFunc(c.Users, func(a, b *User) int {
		return strings.Compare(FoldUsername(a.Username), FoldUsername(b.Username))
	})
	slices.SortFunc(c.Memberships, func(a, b *Membership) int {
		return cmp.Or(bytes.Compare(a.Tenant.UUID[:], b.Tenant.UUID[:]), bytes.Compare(a.Agent.UUID[:], b.Agent.UUID[:]))
	})
}

// Tenant returns the tenant of that id, nil if there is none.
func (c *Contents) Tenant(id presence.TenantID) *Tenant {
	return first(c.Tenants, func(t *Tenant) bool { return t.ID == id })
}

// User returns the user of that id, nil if there is none.
func (c *Contents) User(id presence.AgentID) *User {
	return first(c.Users, func(u *User) bool { return u.ID == id })
}

// Membership returns the membership of that key, nil if there is none.
func (c *Contents) Membership(key presence.Key) *Membership {
	return first(c.Memberships, func(m *Membership) bool { return m.Key() == key })
}

// MembershipsByTenant returns the memberships of each tenant, in their order.
func (c *Contents) MembershipsByTenant() map[presence.TenantID][]*Membership {
	byTenant := make(map[presence.TenantID][]*Membership, len(c.Tenants))
	for _, membership := range c.Memberships {
		byTenant[membership.Tenant] = append(byTenant[membership.Tenant], membership)
	}
	return byTenant
}

func first[T any](all []*T, is func(*T) bool) *T {
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i]
	}
	return nil
}
