package directory

import (
	"bytes"
	"slices"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
)

// Membership is what a tenant says of a user, by reference. A [Member] is the
// same with the references resolved.
type Membership struct {
	Tenant presence.TenantID `json:"-"`
	Agent  presence.AgentID  `json:"-"`
	Active bool              `json:"active"`
	// Roles, Groups and ReasonLists are sorted by id, Skills by name; see
	// [Membership.Arrange].
	Roles       []RoleID                `json:"roles"`
	Groups      []GroupID               `json:"groups"`
	Skills      []string                `json:"skills"`
	ReasonLists []presence.ReasonListID `json:"reasonLists"`
	// Extensions are in the order given; the first is what clients fall back to.
	// No two have the same value.
	Extensions []Extension `json:"extensions"`
	// ActiveExtension is one of Extensions, zero for none. The agent may change
	// it; see [Membership.Updated].
	ActiveExtension ExtensionID `json:"-"`
}

// Key names the member.
func (m *Membership) Key() presence.Key { return presence.Key{Tenant: m.Tenant, Agent: m.Agent} }

// Arrange brings everything that has no order of its own into one order.
func (m *Membership) Arrange() {
	m.Roles = sorted(m.Roles, func(a, b RoleID) int { return bytes.Compare(a.UUID[:], b.UUID[:]) })
	m.Groups = sorted(m.Groups, func(a, b GroupID) int { return bytes.Compare(a.UUID[:], b.UUID[:]) })
	m.ReasonLists = sorted(m.ReasonLists, func(a, b presence.ReasonListID) int { return bytes.Compare(a.UUID[:], b.UUID[:]) })
	m.Skills = sorted(m.Skills, strings.Compare)
}

// HasExtension reports whether the id is one of the member's extensions.
func (m *Membership) HasExtension(id ExtensionID) bool {
	return slices.ContainsFunc(m.Extensions, func(e Extension) bool { return e.ID == id })
}

// RefersWithin reports whether the roles, groups and reason lists referred to
// are the tenant's, and no reason list is the system's, which nobody is given.
func (m *Membership) RefersWithin(tenant *Tenant) bool {
	return all(m.Roles, func(id RoleID) bool { _, ok := tenant.Role(id); return ok }) &&
		all(m.Groups, func(id GroupID) bool { _, ok := tenant.Group(id); return ok }) &&
		all(m.ReasonLists, func(id presence.ReasonListID) bool {
			list, ok := tenant.ReasonList(id)
			return ok && !list.IsSystem()
		})
}

// Updated returns the membership as it is to be stored when an update whose
// changed fields are named says planned, and m is what is there now. The active
// extension, which agents change themselves, is taken over only where the
// update names it, and is none when its extension is gone.
func (m *Membership) Updated(planned *Membership, fields []string) *Membership {
	updated := *planned
	if !named(fields, fieldActiveExtension) {
		updated.ActiveExtension = m.ActiveExtension
	}
	if !updated.HasExtension(updated.ActiveExtension) {
		updated.ActiveExtension = ExtensionID{}
	}
	return &updated
}

func all[T any](values []T, is func(T) bool) bool {
	return !slices.ContainsFunc(values, func(value T) bool { return !is(value) })
}
