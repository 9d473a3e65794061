package engine

import (
	"context"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Request is a command for one agent.
type Request struct {
	Key     presence.Key
	Command presence.Command
	// Idempotency makes a repetition of the request answer as the first did.
	Idempotency Idempotency
	// Audit is written with the change, dated by the engine; nil: nothing is.
	Audit *store.AuditEntry
}

// Idempotency tells repetitions of a request by digests: Key of who asks for
// what under which key, Body of what is asked. The zero value asks for nothing.
type Idempotency struct{ Key, Body [16]byte }

// Answer is what came of a request.
type Answer struct {
	// At is when the request was handled.
	At presence.Instant
	// Agent is the agent after the request.
	Agent presence.Agent
	// Last is the request's last event; its Change is nil if the request
	// changed nothing.
	Last presence.Event
	// Events are all of the request's events, in order; none when replayed.
	Events []presence.Event
	// Replayed: the request had been carried out before, and Agent and Last are
	// as they were then.
	Replayed bool
}

// Do carries out a request and answers when it is durable. Errors are a
// [*presence.Refusal], [ErrInteractionUnknown], [ErrReceiptMismatch], those of
// the store, or the context's; after the last, whether the request was carried
// out is not known.
func (e *Engine) Do(ctx context.Context, r Request) (Answer, error) {
	e.hearIn(r)
	return e.await(ctx, e.workerOf(r.Key.Tenant), newCall(r))
}

// await hands a call to a worker and waits for its outcome.
func (e *Engine) await(ctx context.Context, w *worker, c *call) (Answer, error) {
	if err := e.enqueue(ctx, w, c); err != nil {
		return Answer{}, err
	}
	return e.outcome(ctx, c)
}

// enqueue hands a call to a worker.
func (e *Engine) enqueue(ctx context.Context, w *worker, c *call) error {
	select {
	case w.queue <- c:
		return nil
	case <-e.stopped:
		return ErrStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// outcome waits for what a call that was handed over came to.
func (e *Engine) outcome(ctx context.Context, c *call) (Answer, error) {
	select {
	case <-c.done:
		return c.answer, c.err
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	case <-e.ended:
		return c.atEnd()
	}
}

// call is a request on its way through a worker.
type call struct {
	Request
	barrier bool          // asks for nothing but to be answered after what came before
	done    chan struct{} // closed when answer and err are set
	answer  Answer
	err     error
}

func newCall(r Request) *call { return &call{Request: r, done: make(chan struct{})} }

// atEnd is the outcome of a call after the workers have ended: carried out, or
// queued too late for anybody to see it.
func (c *call) atEnd() (Answer, error) {
	select {
	case <-c.done:
		return c.answer, c.err
	default:
		return Answer{}, ErrStopped
	}
}

func (c *call) finish(err error) {
	if err != nil {
		c.answer, c.err = Answer{}, err
	}
	close(c.done)
}

// hearIn takes a request for the sign of life that it is. It counts from its
// arrival, however long the request has to wait and whatever becomes of it.
func (e *Engine) hearIn(r Request) {
	session, ok := signOfLife(r.Command)
	if !ok {
		return
	}
	if r, ok := e.residentOf(r.Key); ok {
		r.lease.hear(session, e.monotonic(), e.Now())
	}
}

// signOfLife returns the session whose client is shown to be there by a command
// that was sent, zero for whichever is live; ok is false for other commands.
func signOfLife(c presence.Command) (session presence.SessionID, ok bool) {
	switch c := c.(type) {
	case presence.Hear:
		return c.Session, true
	case presence.GoReady:
		return c.Session, c.By.Cause == presence.ByAgent
	case presence.GoNotReady:
		return c.Session, c.By.Cause == presence.ByAgent
	case presence.GoOffline:
		return c.Session, c.By.Cause == presence.ByAgent
	case presence.SetDirection:
		return c.Session, c.By.Cause == presence.ByAgent
	case presence.StartMonitoring:
		return c.Session, c.By.Cause == presence.ByAgent
	}
	return presence.SessionID{}, false
}
