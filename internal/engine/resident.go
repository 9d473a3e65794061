package engine

import (
	"sync/atomic"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// resident is an agent in memory. Agents with a live session stay; the others
// leave when their batch is done.
type resident struct {
	key       presence.Key
	committed atomic.Pointer[presence.Agent] // read by anybody, written by the worker after a commit
	receipts  []store.Receipt                // as committed; the worker's
	lease     lease
	queued    bool // has an entry among the worker's deadlines; the worker's
}

// adopt makes a resident of a stored agent and, if it is live, keeps it.
func (e *Engine) adopt(stored store.Stored) *resident {
	r := &resident{key: stored.Key, receipts: stored.Receipts}
	r.committed.Store(&stored.Agent)
	r.lease.takeUp(stored.Agent, e.monotonic(), stored.HeardAt)
	if stored.Agent.Session != nil {
		e.keep(r)
	}
	return r
}

func (e *Engine) residentOf(key presence.Key) (*resident, bool) {
	r, ok := e.residents.Load(key)
	if !ok {
		return nil, false
	}
	return r.(*resident), true
}

func (e *Engine) keep(r *resident) {
	if _, known := e.residents.LoadOrStore(r.key, r); !known {
		e.live.Add(1)
	}
}

func (e *Engine) forget(r *resident) {
	if _, known := e.residents.LoadAndDelete(r.key); known {
		e.live.Add(-1)
	}
}
