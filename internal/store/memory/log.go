package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

var _ store.Log = (*Store)(nil)

// A tenant's log is a slice: the record with number n stands at n-1.

// Head implements [store.Log].
func (s *Store) Head(_ context.Context, tenant presence.TenantID) (store.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return store.Position{Epoch: s.epoch, Seq: store.Seq(len(s.logs[tenant]))}, nil
}

// Records implements [store.Log].
func (s *Store) Records(_ context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.logs[tenant]
	if after >= store.Seq(len(log)) {
		return nil, nil
	}
	rest := log[after:]
	return slices.Clone(rest[:min(max(limit, 0), len(rest))]), nil
}

// Record implements [store.Log].
func (s *Store) Record(_ context.Context, tenant presence.TenantID, seq store.Seq) (store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.logs[tenant]
	if seq == 0 || seq > store.Seq(len(log)) {
		return store.Record{}, fmt.Errorf("record %d: %w", seq, store.ErrNotFound)
	}
	return log[seq-1], nil
}

// LatestOfAgent implements [store.Log].
func (s *Store) LatestOfAgent(_ context.Context, key presence.Key, limit int) ([]store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var latest []store.Record
	for _, record := range slices.Backward(s.logs[key.Tenant]) {
		if len(latest) >= limit {
			break
		}
		if record.Key == key {
			latest = append(latest, record)
		}
	}
	slices.Reverse(latest)
	return latest, nil
}

// RecordsOfAgent implements [store.Log].
func (s *Store) RecordsOfAgent(_ context.Context, key presence.Key, after store.Seq, limit int) ([]store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := s.logs[key.Tenant]
	var found []store.Record
	for _, record := range log[min(after, store.Seq(len(log))):] {
		if len(found) >= limit {
			break
		}
		if record.Key == key {
			found = append(found, record)
		}
	}
	return found, nil
}

// LoggedTenants implements [store.Log].
func (s *Store) LoggedTenants(context.Context) ([]presence.TenantID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var tenants []presence.TenantID
	for tenant := range s.logs {
		tenants = append(tenants, tenant)
	}
	return tenants, nil
}
