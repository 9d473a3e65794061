package directory

import "github.com/muster-presence/muster/internal/presence"

// The kinds of id that only the directory knows. Tenants, users, reasons and
// reason lists have theirs in package presence.
type (
	// RegionID names a region.
	RegionID struct{ presence.UUID }
	// RoleID names a role of a tenant.
	RoleID struct{ presence.UUID }
	// GroupID names a group of a tenant.
	GroupID struct{ presence.UUID }
	// ExtensionID names an extension of a member.
	ExtensionID struct{ presence.UUID }
	// IdentityProviderID names an identity provider of a tenant.
	IdentityProviderID struct{ presence.UUID }
	// IntegrationID names an integration of a tenant.
	IntegrationID struct{ presence.UUID }
)
