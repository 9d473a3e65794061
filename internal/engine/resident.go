package engine

import (
	"sync/atomic"
	"time"

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

	// due and place belong to the worker's deadlines.
	due   time.Duration // by the engine's monotonic clock
	place int           // notQueued outside of the heap

	nudged bool // guarded by the worker's nudges
}

// notQueued is the place of a resident who is not among the deadlines.
const notQueued = -1

func (r *resident) queued() bool { return r.place != notQueued }

// adopt makes a resident of a stored agent and, if it is live, keeps it.
func (e *Engine) adopt(stored store.Stored) *resident {
	r := &resident{key: stored.Key, receipts: stored.Receipts, place: notQueued}
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
