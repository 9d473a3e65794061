package sqlite

import (
	"context"
	"sync"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// sharedTenants keeps tenants as they were decoded for members. What a member
// refers to is then the same in memory for all members of a tenant: thousands of
// them would otherwise each keep a copy of all names of roles and permissions.
type sharedTenants struct {
	mu       sync.Mutex // guards the fields below
	revision int64      // of the directory that the tenants are of
	tenants  map[presence.TenantID]*directory.Tenant
}

// sharedTenant is tenant, decoded once for each revision of the directory. A
// tenant changes with the revision only.
func (r directoryReader) sharedTenant(ctx context.Context, shared *sharedTenants, id presence.TenantID) (*directory.Tenant, error) {
	var revision int64
	if err := r.tx.QueryRowContext(ctx, `SELECT revision FROM directory_revision`).Scan(&revision); err != nil {
		return nil, err
	}
	if tenant, ok := shared.find(revision, id); ok {
		return tenant, nil
	}
	tenant, err := r.tenant(ctx, id)
	if err == nil {
		shared.keep(revision, tenant)
	}
	return tenant, err
}

func (s *sharedTenants) find(revision int64, id presence.TenantID) (*directory.Tenant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tenant, ok := s.tenants[id]
	return tenant, ok && s.revision == revision
}

func (s *sharedTenants) keep(revision int64, tenant *directory.Tenant) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tenants == nil || s.revision != revision {
		s.revision, s.tenants = revision, make(map[presence.TenantID]*directory.Tenant)
	}
	s.tenants[tenant.ID] = tenant
}
