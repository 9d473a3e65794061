package cached

import (
	"context"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Directory is a [store.Directory] that remembers. What it does not remember
// (all tenants, regions, users by name, the whole) it reads through.
type Directory struct {
	store.Directory
	tenants *cache[presence.TenantID, *directory.Tenant]
	users   *cache[presence.AgentID, *directory.User]
	members *cache[presence.Key, *directory.Member]
}

var _ store.Directory = (*Directory)(nil)

// NewDirectory returns a directory that remembers at most capacity tenants, as
// many users and as many members of inner; capacity is at least 1.
func NewDirectory(inner store.Directory, capacity int) *Directory {
	return &Directory{
		Directory: inner,
		tenants:   newCache[presence.TenantID, *directory.Tenant](capacity),
		users:     newCache[presence.AgentID, *directory.User](capacity),
		members:   newCache[presence.Key, *directory.Member](capacity),
	}
}

// Tenant implements [store.DirectoryReader].
func (d *Directory) Tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error) {
	return d.tenants.get(id, func() (*directory.Tenant, error) { return d.Directory.Tenant(ctx, id) })
}

// User implements [store.DirectoryReader].
func (d *Directory) User(ctx context.Context, id presence.AgentID) (*directory.User, error) {
	return d.users.get(id, func() (*directory.User, error) { return d.Directory.User(ctx, id) })
}

// Member implements [store.DirectoryReader].
func (d *Directory) Member(ctx context.Context, key presence.Key) (*directory.Member, error) {
	return d.members.get(key, func() (*directory.Member, error) { return d.Directory.Member(ctx, key) })
}

// SetActiveExtension implements [store.DirectoryWriter].
func (d *Directory) SetActiveExtension(ctx context.Context, key presence.Key, extension directory.ExtensionID) error {
	// A write that failed may have been made all the same, so it counts too; so
	// it is in all methods below.
	defer d.members.forget(key)
	return d.Directory.SetActiveExtension(ctx, key, extension)
}

// SetDefaultTenant implements [store.DirectoryWriter].
func (d *Directory) SetDefaultTenant(ctx context.Context, agent presence.AgentID, tenant presence.TenantID) error {
	defer d.users.forget(agent)
	return d.Directory.SetDefaultTenant(ctx, agent, tenant)
}

// RaiseTokenGeneration implements [store.DirectoryWriter].
func (d *Directory) RaiseTokenGeneration(ctx context.Context, agent presence.AgentID) (int64, error) {
	defer d.users.forget(agent)
	return d.Directory.RaiseTokenGeneration(ctx, agent)
}

// Apply implements [store.DirectoryWriter].
func (d *Directory) Apply(ctx context.Context, revision int64, changes directory.Changes, entries []store.AuditEntry) error {
	if len(changes) > 0 {
		defer d.renew(ctx, scopeOf(changes))
	}
	return d.Directory.Apply(ctx, revision, changes, entries)
}
