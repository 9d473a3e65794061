package memory

import (
	"context"
	"sync"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Audit is the model of [store.Audit]. Other models of this package write to it.
type Audit struct {
	mu      sync.Mutex // guards the field below; taken last
	entries []store.AuditEntry
}

var _ store.Audit = (*Audit)(nil)

// NewAudit returns an audit without entries.
func NewAudit() *Audit { return &Audit{} }

// AppendAudit implements [store.Audit].
func (a *Audit) AppendAudit(_ context.Context, entries []store.AuditEntry) error {
	a.append(entries)
	return nil
}

// Audit implements [store.Audit]. The key of an entry is its place from 1.
func (a *Audit) Audit(_ context.Context, tenant presence.TenantID, before int64, limit int) ([]store.AuditEntry, int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if before <= 0 || before > int64(len(a.entries)) {
		before = int64(len(a.entries)) + 1
	}
	var page []store.AuditEntry
	var last int64
	for key := before - 1; key >= 1; key-- {
		if a.entries[key-1].Tenant != tenant {
			continue
		}
		if len(page) == limit {
			return page, last, nil
		}
		page = append(page, a.entries[key-1])
		last = key
	}
	return page, 0, nil
}

func (a *Audit) append(entries []store.AuditEntry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.entries = append(a.entries, entries...)
}
