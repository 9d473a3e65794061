package memory

import (
	"context"
	"crypto/rand"
	"sync"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Store is the model of all ports. Its parts guard themselves; values of
// presence go in and out as they are, since nobody changes them in place, and
// slices that a caller could append to or sort are copied.
type Store struct {
	*Tokens
	*Directory
	audit *Audit // not embedded: its method has the type's name

	mu         sync.Mutex // guards the fields below; taken before the parts' locks
	epoch      store.Epoch
	agents     map[presence.Key]store.Stored
	fences     map[presence.Key]uint64 // under which each agent was last heard
	logs       map[presence.TenantID][]store.Record
	history    map[presence.TenantID]*history
	commitFail error // see FailCommits
}

// New returns an empty store with an epoch of its own.
func New() *Store {
	audit := NewAudit()
	s := &Store{
		Tokens:    NewTokens(),
		Directory: NewDirectory(audit),
		audit:     audit,

		agents:  make(map[presence.Key]store.Stored),
		fences:  make(map[presence.Key]uint64),
		logs:    make(map[presence.TenantID][]store.Record),
		history: make(map[presence.TenantID]*history),
	}
	_, _ = rand.Read(s.epoch[:]) // never fails: the process would end instead
	return s
}

// FailCommits makes every following [Store.Commit] fail with err, having written
// nothing; nil lets them work again. It is for tests of what callers do then.
func (s *Store) FailCommits(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commitFail = err
}

var _ store.Audit = (*Store)(nil)

// AppendAudit implements [store.Audit].
func (s *Store) AppendAudit(ctx context.Context, entries []store.AuditEntry) error {
	return s.audit.AppendAudit(ctx, entries)
}

// Audit implements [store.Audit].
func (s *Store) Audit(ctx context.Context, tenant presence.TenantID, before int64, limit int) ([]store.AuditEntry, int64, error) {
	return s.audit.Audit(ctx, tenant, before, limit)
}
