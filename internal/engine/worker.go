package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/muster-presence/muster/internal/bus"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	// queueLength bounds how many calls wait for a worker; more callers wait
	// outside.
	queueLength = 1024
	// batchLimit bounds how many calls share a commit, and so how long the last
	// of them waits.
	batchLimit = 256
	// underLoad is how many calls must wait already for it to be worth the while
	// to let more come.
	underLoad = 16
	// staleTries is how often a batch is decided anew because somebody else
	// changed what it was based on.
	staleTries = 3
)

// worker carries out the commands of its tenants, batch by batch. All of its
// fields belong to its goroutine, but the queue and the nudges.
type worker struct {
	engine    *Engine
	queue     chan *call
	deadlines deadlines
	nudges    nudges
	heads     map[presence.TenantID]store.Seq
	open      interactions
}

func newWorker(e *Engine) *worker {
	return &worker{
		engine: e,
		queue:  make(chan *call, queueLength),
		nudges: newNudges(),
		heads:  make(map[presence.TenantID]store.Seq),
		open:   newInteractions(),
	}
}

// run works until ctx ends, then refuses what is still queued.
func (w *worker) run(ctx context.Context) error {
	defer w.refuseQueued()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil { // looked at first: select would choose any that is ready
		w.arm(timer)
		select {
		case <-ctx.Done():
		case c := <-w.queue:
			w.carryOut(ctx, w.gather(c))
		case <-w.nudges.wake:
			w.lookAtNudged(ctx)
		case <-timer.C:
			w.carryOut(ctx, w.elapsed(ctx))
		}
	}
	return nil
}

// nudge says that the agent's deadline may have become earlier. Anybody may call
// it; it does not wait.
func (w *worker) nudge(r *resident) { w.nudges.add(r) }

// gather takes whatever waits behind the first call, up to a batch. Under load it
// gives way once: those whom the last commit answered get to ask again, and one
// sync serves them too instead of waiting for the next.
func (w *worker) gather(first *call) []*call {
	batch := w.drain([]*call{first})
	if len(batch) >= underLoad && len(batch) < batchLimit {
		runtime.Gosched()
		batch = w.drain(batch)
	}
	return batch
}

func (w *worker) drain(batch []*call) []*call {
	for len(batch) < batchLimit {
		select {
		case c := <-w.queue:
			batch = append(batch, c)
		default:
			return batch
		}
	}
	return batch
}

func (w *worker) refuseQueued() {
	for {
		select {
		case c := <-w.queue:
			c.finish(ErrStopped)
		default:
			return
		}
	}
}

// carryOutAll carries out those of the calls that are the worker's, before the
// worker runs, and returns the first error.
func (w *worker) carryOutAll(ctx context.Context, calls []*call) error {
	var batch []*call
	for i, c := range calls {
		if w.engine.workerOf(c.Key.Tenant) == w {
			batch = append(batch, c)
		}
		if len(batch) < batchLimit && i < len(calls)-1 {
			continue
		}
		w.carryOut(ctx, batch)
		for _, c := range batch {
			if c.err != nil {
				return c.err
			}
		}
		batch = batch[:0]
	}
	return nil
}

// carryOut decides the calls, commits what they change, announces and answers.
func (w *worker) carryOut(ctx context.Context, calls []*call) {
	if len(calls) == 0 {
		return
	}
	// A commit under way is finished even if the server is told to stop.
	ctx = context.WithoutCancel(ctx)
	var err error
	for range staleTries {
		b := newBatch(w)
		for _, c := range calls {
			b.handle(ctx, c)
		}
		err = b.commit(ctx)
		if err == nil {
			w.accept(ctx, b)
			break
		}
		w.revert(ctx, b)
		if !errors.Is(err, store.ErrStale) {
			break
		}
	}
	if errors.Is(err, store.ErrStale) {
		err = &store.Unavailable{Reason: "too many servers change the same agents", Hint: "send the request again", Cause: err}
	}
	for _, c := range calls {
		c.finish(err)
	}
}

// accept makes what was committed visible: memory, announcements, deadlines.
func (w *worker) accept(ctx context.Context, b *batch) {
	now, at := w.engine.monotonic(), b.at
	for _, d := range b.drafts {
		r, agent := d.resident, d.agent // a pointer into the draft would keep all of it
		r.committed.Store(&agent)
		r.receipts = d.receipts
		r.lease.follow(d.agent, now, at)
		w.open.follow(r.key, d.before, d.agent)
		if d.agent.Session == nil {
			w.engine.forget(r)
			continue
		}
		w.engine.keep(r)
		w.schedule(ctx, r)
	}
	for _, kind := range b.decayed {
		w.engine.observer.Decayed(kind)
	}
	for _, d := range b.falsely {
		w.engine.observer.FalselyAvailable(d)
	}
	for tenant, seq := range b.heads {
		if w.heads[tenant] != seq {
			w.heads[tenant] = seq
			w.engine.bus.Announce(bus.Announcement{Tenant: tenant, Seq: seq})
		}
	}
}

// revert forgets what was decided but not committed. What is in the store now
// is not known for certain, so it is read again.
func (w *worker) revert(ctx context.Context, b *batch) {
	for tenant := range b.heads {
		delete(w.heads, tenant)
	}
	for _, d := range b.drafts {
		r := d.resident
		stored, err := w.engine.storage.Agent(ctx, r.key)
		if err != nil {
			w.engine.log.Warn("could not read an agent again after a failed commit; its last known state stands", "agent", r.key.Agent, "error", err)
			stored = store.Stored{Key: r.key, Agent: *r.committed.Load(), Receipts: r.receipts}
		}
		w.open.follow(r.key, *r.committed.Load(), stored.Agent)
		r.committed.Store(&stored.Agent)
		r.receipts = stored.Receipts
		r.lease.follow(stored.Agent, w.engine.monotonic(), b.at)
		if stored.Agent.Session == nil {
			w.engine.forget(r)
			continue
		}
		w.engine.keep(r)
		w.retry(r)
	}
}

// resident returns an agent in memory, loaded if need be.
func (w *worker) resident(ctx context.Context, key presence.Key) (*resident, error) {
	if r, ok := w.engine.residentOf(key); ok {
		return r, nil
	}
	stored, err := w.engine.storage.Agent(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("load agent %s: %w", key.Agent, err)
	}
	return w.adopt(stored), nil
}

// adopt takes a stored agent into memory.
func (w *worker) adopt(stored store.Stored) *resident {
	w.open.follow(stored.Key, presence.Agent{}, stored.Agent)
	return w.engine.adopt(stored)
}

// head returns the number of a tenant's last record.
func (w *worker) head(ctx context.Context, tenant presence.TenantID) (store.Seq, error) {
	if seq, ok := w.heads[tenant]; ok {
		return seq, nil
	}
	position, err := w.engine.storage.Head(ctx, tenant)
	if err != nil {
		return 0, fmt.Errorf("read the head of the log: %w", err)
	}
	w.heads[tenant] = position.Seq
	return position.Seq, nil
}
