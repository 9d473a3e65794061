package engine

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// batch is the calls that share a commit. Agents are changed in drafts; what
// was committed before stays untouched until the commit has succeeded.
type batch struct {
	worker  *worker
	at      presence.Instant
	drafts  map[presence.Key]*draft
	heads   map[presence.TenantID]store.Seq
	changes []store.Change
	records int
	decayed []presence.Kind // what silence led to
	falsely []time.Duration // for how long agents may have been offered work in vain
	failed  error           // a failure that only a new batch can mend
}

// draft is an agent as the batch has changed it so far.
type draft struct {
	resident *resident
	before   presence.Agent // as committed
	agent    presence.Agent
	receipts []store.Receipt
}

func newBatch(w *worker) *batch {
	return &batch{
		worker: w,
		at:     w.engine.Now(),
		drafts: make(map[presence.Key]*draft),
		heads:  make(map[presence.TenantID]store.Seq),
	}
}

// handle decides a call and sets what it will be answered once the batch is
// committed.
func (b *batch) handle(ctx context.Context, c *call) {
	c.answer, c.err = Answer{}, nil
	if c.barrier {
		return
	}
	d, err := b.draft(ctx, c.Key)
	if err != nil {
		c.err = err
		return
	}
	if c.Idempotency != (Idempotency{}) {
		done, err := b.replay(ctx, c, d)
		if done || err != nil {
			c.err = err
			return
		}
	}
	c.answer, c.err = b.decide(ctx, d, c.Request)
}

// decide lets the core decide, and takes the events into the batch together
// with what follows from them for other agents.
func (b *batch) decide(ctx context.Context, d *draft, r Request) (Answer, error) {
	if monitoring, ok := r.Command.(presence.StartMonitoring); ok && !b.isOpen(r.Key.Tenant, monitoring.Interaction) {
		return Answer{}, ErrInteractionUnknown
	}
	if start, ok := r.Command.(presence.StartSession); ok {
		// Asked here and not only at the edge: see RevokeUnentitled.
		if entitled, err := b.worker.engine.entitled(ctx, r.Key, start.Silent); err != nil {
			return Answer{}, err
		} else if !entitled {
			return Answer{}, ErrNotEntitled
		}
	}
	before := d.agent
	events, err := presence.Decide(before, r.Command, b.at)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{At: b.at, Agent: before}
	if len(events) == 0 {
		return answer, nil
	}
	if err := b.take(ctx, d, r, events); err != nil {
		return Answer{}, err
	}
	answer.Agent, answer.Last, answer.Events = d.agent, events[len(events)-1], events
	return answer, b.endMonitoring(ctx, r.Key.Tenant, before, d.agent)
}

// take makes records of events and puts them into the batch.
func (b *batch) take(ctx context.Context, d *draft, r Request, events []presence.Event) error {
	seq, err := b.head(ctx, r.Key.Tenant)
	if err != nil {
		return err
	}
	change := store.Change{Key: r.Key, Before: d.agent.Version}
	agent := d.agent
	for _, event := range events {
		seq++
		if agent, err = presence.Evolve(agent, event); err != nil {
			return fmt.Errorf("evolve agent %s: %w", r.Key.Agent, err)
		}
		change.Records = append(change.Records, store.Record{Key: r.Key, Seq: seq, Event: event, After: agent})
	}
	if heardAt, ok := lastHeard(r.Command); ok {
		b.decay(d.agent, events, heardAt)
	}
	if r.Idempotency != (Idempotency{}) {
		d.receipts = withReceipt(d.receipts, store.Receipt{Key: r.Idempotency.Key, Body: r.Idempotency.Body, At: b.at, Seq: seq})
	}
	change.Receipts = d.receipts
	if r.Audit != nil {
		entry := *r.Audit
		entry.At = b.at
		change.Audit = []store.AuditEntry{entry}
	}
	d.agent = agent
	b.heads[r.Key.Tenant] = seq
	b.changes = append(b.changes, change)
	b.records += len(events)
	return nil
}

// decay notes what follows from an agent's silence.
func (b *batch) decay(before presence.Agent, events []presence.Event, heardAt presence.Instant) {
	for _, event := range events {
		b.decayed = append(b.decayed, event.Change.Kind())
	}
	if before.Offerable() {
		b.falsely = append(b.falsely, max(events[0].At.Sub(heardAt), 0))
	}
}

// lastHeard tells of a command that silence led to when the agent was heard last.
func lastHeard(c presence.Command) (at presence.Instant, ok bool) {
	switch c := c.(type) {
	case presence.Elapse:
		return c.HeardAt, true
	case presence.Disconnect:
		return c.HeardAt, true
	}
	return 0, false
}

// commit writes the batch's changes, if there are any.
func (b *batch) commit(ctx context.Context) error {
	if b.failed != nil || len(b.changes) == 0 {
		return b.failed
	}
	began := time.Now()
	err := b.worker.engine.storage.Commit(ctx, b.changes)
	b.worker.engine.observer.Committed(len(b.changes), b.records, time.Since(began), err)
	if err != nil {
		b.worker.engine.log.Warn("commit failed", "changes", len(b.changes), "error", err)
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func (b *batch) draft(ctx context.Context, key presence.Key) (*draft, error) {
	if d, ok := b.drafts[key]; ok {
		return d, nil
	}
	r, err := b.worker.resident(ctx, key)
	if err != nil {
		return nil, err
	}
	committed := *r.committed.Load()
	d := &draft{resident: r, before: committed, agent: committed, receipts: r.receipts}
	b.drafts[key] = d
	return d, nil
}

func (b *batch) head(ctx context.Context, tenant presence.TenantID) (store.Seq, error) {
	if seq, ok := b.heads[tenant]; ok {
		return seq, nil
	}
	return b.worker.head(ctx, tenant)
}

// NewSessionRandom draws the random part of a session's id.
func NewSessionRandom() (random [8]byte) {
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	return random
}
