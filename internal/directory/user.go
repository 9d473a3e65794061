package directory

import (
	"strings"

	"github.com/muster-presence/muster/internal/presence"
)

// User is a person's account, the same in all tenants.
type User struct {
	ID        presence.AgentID `json:"id"`
	Username  string           `json:"username"`
	FirstName string           `json:"firstName"`
	LastName  string           `json:"lastName"`
	// Active is false for an account that is switched off everywhere.
	Active       bool         `json:"active"`
	PlatformRole PlatformRole `json:"platformRole"`
	// PasswordHash is empty for a user who cannot log in with a password. It is
	// kept out of JSON so that no log or answer can hold it.
	PasswordHash string `json:"-"`
	// DefaultTenant is where the user goes after log-in, zero for none. The user
	// may change it; see [User.Updated].
	DefaultTenant presence.TenantID `json:"-"`
	// TokenGeneration is what a token of this user must name to be good. It only
	// rises.
	TokenGeneration int64 `json:"-"`
	// Memberships are the tenants the user is a member of, by tenant id. They
	// come from the [Membership] documents and are not part of this one.
	Memberships []UserMembership `json:"-"`
}

// UserMembership is what a user's account says of one membership.
type UserMembership struct {
	Tenant presence.TenantID
	// Active is the membership's own flag.
	Active bool
}

// Name returns the user's full name, or the user name where there is none.
func (u *User) Name() string { return fullName(u.FirstName, u.LastName, u.Username) }

// IsMember reports whether the user is a member of the tenant, active or not.
func (u *User) IsMember(tenant presence.TenantID) bool {
	_, found := find(u.Memberships, func(m *UserMembership) bool { return m.Tenant == tenant })
	return found
}

// Updated returns the account as it is to be stored when an update whose changed
// fields are named says planned, and stored is what is there now. What users
// change themselves between planning and applying is kept: the default tenant
// is taken over only where the update names it, the token generation never. A
// new password and an account switched off end all tokens given so far.
func (u *User) Updated(planned *User, fields []string) *User {
	updated := *planned
	updated.TokenGeneration = u.TokenGeneration
	updated.Memberships = u.Memberships
	if !named(fields, fieldDefaultTenant) {
		updated.DefaultTenant = u.DefaultTenant
	}
	if named(fields, fieldPassword) || u.Active && !planned.Active {
		updated.TokenGeneration++
	}
	return &updated
}

// FoldUsername returns the form in which two user names are compared: without
// regard to upper and lower case.
func FoldUsername(username string) string { return strings.ToLower(username) }

func fullName(first, last, username string) string {
	if name := strings.TrimSpace(first + " " + last); name != "" {
		return name
	}
	return username
}
