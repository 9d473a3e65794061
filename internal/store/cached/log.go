package cached

import (
	"context"
	"sync"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// AgentsAndLog is what a [Log] decorates.
type AgentsAndLog interface {
	store.Agents
	store.Log
}

// Log is a store that remembers the newest records which were committed through
// it. Whoever is woken by a commit reads what is still in memory, and nobody
// decodes it. What is not remembered is read through, and so are all other
// questions: another process may have committed too.
type Log struct {
	AgentsAndLog
	capacity int

	mu    sync.RWMutex // guards the fields below
	tails map[presence.TenantID]tail
	total int // records in all tails
}

var _ AgentsAndLog = (*Log)(nil)

// tail is records of a tenant without a gap, rising. The records of a slice that
// was handed out are never written to.
type tail []store.Record

// NewLog returns a log that remembers at most about capacity records of inner, of
// whichever tenants; a record takes about a kilobyte.
func NewLog(inner AgentsAndLog, capacity int) *Log {
	return &Log{AgentsAndLog: inner, capacity: capacity, tails: make(map[presence.TenantID]tail)}
}

// Commit implements [store.Agents].
func (l *Log) Commit(ctx context.Context, changes []store.Change) error {
	if err := l.AgentsAndLog.Commit(ctx, changes); err != nil {
		return err // if it was made all the same, the next one shows a gap
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, change := range changes {
		l.remember(change.Key.Tenant, change.Records)
	}
	return nil
}

// Records implements [store.Log].
func (l *Log) Records(ctx context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	if records := l.remembered(tenant, after, limit); len(records) > 0 {
		return records, nil
	}
	return l.AgentsAndLog.Records(ctx, tenant, after, limit)
}

// remembered returns what is in memory of a part of the log, nothing if its
// beginning is not: numbers have no gaps, so what follows on it is all there is,
// or all that this process knows of yet.
func (l *Log) remembered(tenant presence.TenantID, after store.Seq, limit int) []store.Record {
	l.mu.RLock()
	defer l.mu.RUnlock()
	t := l.tails[tenant]
	if len(t) == 0 || after+1 < t[0].Seq || after >= t[len(t)-1].Seq {
		return nil
	}
	t = t[after+1-t[0].Seq:]
	return t[:min(len(t), max(limit, 0)):min(len(t), max(limit, 0))]
}

// remember adds records to a tenant's tail. Where they do not follow on it, the
// tail begins anew.
func (l *Log) remember(tenant presence.TenantID, records []store.Record) {
	t := l.tails[tenant]
	if len(t) > 0 && t[len(t)-1].Seq+1 != records[0].Seq {
		l.total -= len(t)
		t = nil
	}
	t = append(t, records...)
	l.total += len(records)
	if most := max(l.capacity/4, 1); len(t) > 2*most { // one tenant does not drive out all the others
		l.total -= len(t) - most
		t = append(make(tail, 0, 2*most+len(records)), t[len(t)-most:]...)
	}
	l.tails[tenant] = t
	for other := range l.tails {
		if l.total <= l.capacity {
			return
		}
		if other != tenant {
			l.total -= len(l.tails[other])
			delete(l.tails, other)
		}
	}
}
