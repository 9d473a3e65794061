package directory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
)

// Tenant is an organisation that is served apart from all others.
type Tenant struct {
	ID          presence.TenantID `json:"id"`
	Key         string            `json:"key"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	// Active is false for a tenant that is switched off: its members may not
	// work in it.
	Active bool `json:"active"`
	// Timezone is an IANA name. The tenant's days are cut in it.
	Timezone string   `json:"timezone"`
	Region   RegionID `json:"region"`
	// PasswordLogin says that members may log in with a password.
	PasswordLogin       bool                 `json:"passwordLogin"`
	IdentityProviders   []IdentityProvider   `json:"identityProviders"`
	OutboundIntegration *OutboundIntegration `json:"outboundIntegration"`
	Settings            Settings             `json:"settings"`

	// Roles, Groups and ReasonLists are documents of their own; see
	// [Tenant.Arrange] for their order. Of a tenant that a store returned, the
	// first list is [SystemList].
	Roles       []Role       `json:"-"`
	Groups      []Group      `json:"-"`
	ReasonLists []ReasonList `json:"-"`
}

// IdentityProvider is a single sign-on that a tenant's members may use.
type IdentityProvider struct {
	ID     IdentityProviderID `json:"id"`
	Key    string             `json:"key"`
	Name   string             `json:"name"`
	Client string             `json:"client"`
	Domain string             `json:"domain"`
}

// OutboundIntegration is what dials for a tenant's outbound work.
type OutboundIntegration struct {
	ID     IntegrationID `json:"id"`
	Name   string        `json:"name"`
	Type   string        `json:"type"`
	Active bool          `json:"active"`
}

// Group is a named set of members, such as a team.
type Group struct {
	ID          GroupID `json:"id"`
	Key         string  `json:"key"`
	Name        string  `json:"name"`
	Description string  `json:"description"`
}

// Arrange brings the tenant's parts into their one order: identity providers,
// roles and groups by key; of the reason lists the system's first, then the
// defaults, then the others, each by name. The slices are replaced, not changed,
// since other tenants may share them; so do all methods of this name.
func (t *Tenant) Arrange() {
	t.IdentityProviders = sorted(t.IdentityProviders, func(a, b IdentityProvider) int { return strings.Compare(a.Key, b.Key) })
	t.Roles = sorted(t.Roles, func(a, b Role) int { return strings.Compare(a.Key, b.Key) })
	t.Groups = sorted(t.Groups, func(a, b Group) int { return strings.Compare(a.Key, b.Key) })
	t.ReasonLists = sorted(t.ReasonLists, compareLists)
}

// Role returns the tenant's role of that id.
func (t *Tenant) Role(id RoleID) (Role, bool) {
	return find(t.Roles, func(r *Role) bool { return r.ID == id })
}

// Group returns the tenant's group of that id.
func (t *Tenant) Group(id GroupID) (Group, bool) {
	return find(t.Groups, func(g *Group) bool { return g.ID == id })
}

// ReasonList returns the tenant's list of that id, the system's included.
func (t *Tenant) ReasonList(id presence.ReasonListID) (ReasonList, bool) {
	return find(t.ReasonLists, func(l *ReasonList) bool { return l.ID == id })
}

func compareLists(a, b ReasonList) int {
	return cmp.Or(
		cmp.Compare(a.rank(), b.rank()),
		strings.Compare(a.Name, b.Name),
		strings.Compare(a.Key, b.Key),
	)
}

func find[T any](all []T, is func(*T) bool) (T, bool) {
	for i := range all {
		if is(&all[i]) {
			return all[i], true
		}
	}
	var none T
	return none, false
}

// sorted returns a sorted copy.
func sorted[T any](all []T, compare func(a, b T) int) []T {
	all = slices.Clone(all)
	slices.SortFunc(all, compare)
	return all
}
