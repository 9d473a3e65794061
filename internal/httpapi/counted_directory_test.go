package httpapi

import (
	"context"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// countedDirectory is a directory that remembers what it was asked for. It is
// for one request at a time.
type countedDirectory struct {
	store.Directory
	asked []string
}

func (d *countedDirectory) Tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error) {
	d.asked = append(d.asked, "tenant")
	return d.Directory.Tenant(ctx, id)
}

func (d *countedDirectory) UserByName(ctx context.Context, name string) (*directory.User, error) {
	d.asked = append(d.asked, "user by name")
	return d.Directory.UserByName(ctx, name)
}

func (d *countedDirectory) User(ctx context.Context, id presence.AgentID) (*directory.User, error) {
	d.asked = append(d.asked, "user")
	return d.Directory.User(ctx, id)
}

func (d *countedDirectory) Member(ctx context.Context, key presence.Key) (*directory.Member, error) {
	d.asked = append(d.asked, "member")
	return d.Directory.Member(ctx, key)
}
