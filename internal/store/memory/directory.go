package memory

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Directory is the model of [store.Directory].
type Directory struct {
	audit *Audit

	mu    sync.RWMutex // guards the field below; what it points to never changes
	state *directoryState
}

var _ store.Directory = (*Directory)(nil)

// NewDirectory returns an empty directory that keeps what is audited in audit.
func NewDirectory(audit *Audit) *Directory {
	return &Directory{audit: audit, state: newDirectoryState()}
}

// Tenants implements [store.DirectoryReader].
func (d *Directory) Tenants(context.Context) ([]*directory.Tenant, error) {
	tenants := values(d.now().tenants)
	slices.SortFunc(tenants, func(a, b *directory.Tenant) int { return strings.Compare(a.Key, b.Key) })
	return tenants, nil
}

// Tenant implements [store.DirectoryReader].
func (d *Directory) Tenant(_ context.Context, id presence.TenantID) (*directory.Tenant, error) {
	return found(d.now().tenants, id)
}

// Region implements [store.DirectoryReader].
func (d *Directory) Region(_ context.Context, id directory.RegionID) (*directory.Region, error) {
	return found(d.now().regions, id)
}

// User implements [store.DirectoryReader].
func (d *Directory) User(_ context.Context, id presence.AgentID) (*directory.User, error) {
	return found(d.now().users, id)
}

// UserByName implements [store.DirectoryReader].
func (d *Directory) UserByName(_ context.Context, username string) (*directory.User, error) {
	return found(d.now().usersByName(), directory.FoldUsername(username))
}

// Member implements [store.DirectoryReader].
func (d *Directory) Member(_ context.Context, key presence.Key) (*directory.Member, error) {
	state := d.now()
	membership, err := found(state.memberships, key)
	if err != nil {
		return nil, err
	}
	return directory.NewMember(state.tenants[key.Tenant], state.users[key.Agent], membership), nil
}

// Revision implements [store.DirectoryReader].
func (d *Directory) Revision(context.Context) (int64, error) { return d.now().revision, nil }

// Load implements [store.DirectoryReader].
func (d *Directory) Load(context.Context) (*directory.Contents, error) {
	state := d.now()
	contents := &directory.Contents{
		Revision:    state.revision,
		Regions:     values(state.regions),
		Tenants:     values(state.tenants),
		Users:       values(state.users),
		Memberships: values(state.memberships),
	}
	contents.Arrange()
	return contents, nil
}

func (d *Directory) now() *directoryState {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.state
}

func found[K comparable, V any](all map[K]*V, key K) (*V, error) {
	if value, ok := all[key]; ok {
		return value, nil
	}
	return nil, store.ErrNotFound
}

func values[K comparable, V any](all map[K]*V) []*V {
	var list []*V
	for _, value := range all {
		list = append(list, value)
	}
	return list
}
