package history

import (
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// openIntervals are a tenant's intervals that have not ended, at most one an
// agent.
type openIntervals map[presence.AgentID]store.Interval

// batch is a run of records being folded, on top of what is stored.
type batch struct {
	stored openIntervals
	closed []store.Interval
	// touched are the agents of the records in the order they came; after holds
	// the open interval of each, nil if it has none now.
	touched []presence.AgentID
	after   map[presence.AgentID]*store.Interval
}

// fold folds records on top of what is stored, which stays as it is.
func fold(stored openIntervals, records []store.Record) *batch {
	b := &batch{stored: stored, after: make(map[presence.AgentID]*store.Interval)}
	for _, r := range records {
		agent := r.Key.Agent
		open, touched := b.after[agent]
		if !touched {
			b.touched = append(b.touched, agent)
			if interval, ok := stored[agent]; ok {
				open = &interval
			}
		}
		closed, next := Fold(open, r)
		b.closed = append(b.closed, closed...)
		b.after[agent] = next
	}
	return b
}

// projection returns what is to be written.
func (b *batch) projection(tenant presence.TenantID, after, upTo store.Seq) store.Projection {
	p := store.Projection{Tenant: tenant, After: after, UpTo: upTo, Closed: b.closed}
	for _, agent := range b.touched {
		stored, wasOpen := b.stored[agent]
		next := b.after[agent]
		if next != nil && (!wasOpen || *next != stored) {
			p.Opened = append(p.Opened, *next)
		}
		if wasOpen && !b.rewrites(stored, next) {
			p.Dropped = append(p.Dropped, stored)
		}
	}
	return p
}

// rewrites reports whether something stands where a stored open interval stood:
// itself, ended or not, or another that began in the same millisecond.
func (b *batch) rewrites(stored store.Interval, next *store.Interval) bool {
	if next != nil && next.From == stored.From {
		return true
	}
	for _, closed := range b.closed {
		if closed.Key == stored.Key && closed.From == stored.From {
			return true
		}
	}
	return false
}

// apply brings the stored intervals to where the batch leads, once it is
// written.
func (b *batch) apply() {
	for agent, next := range b.after {
		if next == nil {
			delete(b.stored, agent)
		} else {
			b.stored[agent] = *next
		}
	}
}
