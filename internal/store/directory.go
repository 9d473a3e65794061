package store

import (
	"context"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// Directory keeps who there is. All methods may be called at once; a read sees
// every write that was answered before it began.
type Directory interface {
	DirectoryReader
	DirectoryWriter
}

// DirectoryReader reads the directory. What it returns is shared with other
// callers and must not be changed.
type DirectoryReader interface {
	// Tenants returns all tenants, sorted by key.
	Tenants(ctx context.Context) ([]*directory.Tenant, error)
	// Tenant returns a tenant, or ErrNotFound.
	Tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error)
	// Region returns a region, or ErrNotFound.
	Region(ctx context.Context, id directory.RegionID) (*directory.Region, error)
	// User returns a user, or ErrNotFound.
	User(ctx context.Context, id presence.AgentID) (*directory.User, error)
	// UserByName returns the user of that name in any case of its letters, or
	// ErrNotFound.
	UserByName(ctx context.Context, username string) (*directory.User, error)
	// Member returns a user in a tenant with everything resolved, or ErrNotFound
	// when either is unknown or the user is no member. Inactive ones are found.
	Member(ctx context.Context, key presence.Key) (*directory.Member, error)
	// Revision is that of the [directory.Contents] which Load would return.
	Revision(ctx context.Context) (int64, error)
	// Load returns the whole directory as of one moment, arranged.
	Load(ctx context.Context) (*directory.Contents, error)
}

// DirectoryWriter changes the directory.
type DirectoryWriter interface {
	// SetActiveExtension makes one of the member's extensions the active one;
	// the zero id makes none active. It is idempotent. ErrNotFound: no such
	// member. ErrConflict: not an extension of the member.
	SetActiveExtension(ctx context.Context, key presence.Key, extension directory.ExtensionID) error
	// SetDefaultTenant says where the user goes after log-in; the zero id says
	// nowhere. It is idempotent. ErrNotFound: no such user. ErrConflict: the user
	// is no member of the tenant.
	SetDefaultTenant(ctx context.Context, agent presence.AgentID, tenant presence.TenantID) error
	// RaiseTokenGeneration adds one to the user's token generation, which ends
	// all tokens given so far, and returns the new one. It is not idempotent;
	// repeating it does no harm. ErrNotFound: no such user.
	RaiseTokenGeneration(ctx context.Context, agent presence.AgentID) (int64, error)
	// Apply makes all changes, in their order, and appends the audit entries, or
	// does nothing. The revision is that of the [directory.Contents] from which
	// the changes were worked out: ErrStale when changes were applied since.
	// No changes and no entries are no error and leave the revision as it is.
	//
	// ErrNotFound: an update or deletion of something that is not there.
	// ErrConflict: an id, key or user name is taken, something that is referred
	// to is not there, or something to be deleted is still referred to (a region
	// by its tenants, a role, group or list by members; a tenant and a user by
	// memberships). With a tenant go its roles, groups and lists; with a
	// membership or a tenant goes the default tenant of users who had it.
	//
	// The documents belong to the store from then on and must not be changed.
	//
	// For what users change themselves, see [directory.User.Updated] and
	// [directory.Membership.Updated].
	Apply(ctx context.Context, revision int64, changes directory.Changes, entries []AuditEntry) error
}
