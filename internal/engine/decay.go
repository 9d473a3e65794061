package engine

import (
	"context"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

const (
	// retryAfter is how long a step of decay waits after a failure.
	retryAfter = time.Second
	// lookAgain is how long at most nobody looks at an agent's silence. Within
	// that time a tenant's shortened limits take effect; longer ones do at once.
	lookAgain = 30 * time.Second
)

// arm sets the timer to the next deadline.
func (w *worker) arm(timer *time.Timer) {
	at, ok := w.deadlines.next()
	if !ok {
		timer.Stop()
		return
	}
	timer.Reset(at - w.engine.monotonic())
}

// schedule sees to it that the agent's next step of decay is looked at in time.
// A step that is overdue has just been decided in vain.
func (w *worker) schedule(ctx context.Context, r *resident) {
	settings, err := w.engine.settings(ctx, r.key.Tenant)
	if err != nil {
		w.retry(r)
		return
	}
	due, ok := presence.NextDeadline(*r.committed.Load(), limitsOf(settings))
	if !ok {
		return
	}
	now := w.engine.monotonic()
	silence, _ := r.lease.silence(now)
	if silence >= due {
		w.retry(r)
		return
	}
	w.deadlines.add(now+min(due-silence, lookAgain), r)
}

// retry looks at the agent's decay again in a while.
func (w *worker) retry(r *resident) {
	w.deadlines.add(w.engine.monotonic()+retryAfter, r)
}

// elapsed makes commands of the deadlines that have come. Agents that were heard
// in time are scheduled anew instead.
func (w *worker) elapsed(ctx context.Context) []*call {
	var calls []*call
	now := w.engine.monotonic()
	for len(calls) < batchLimit {
		r := w.deadlines.take(now)
		if r == nil {
			break
		}
		agent := *r.committed.Load()
		if agent.Session == nil {
			continue
		}
		settings, err := w.engine.settings(ctx, r.key.Tenant)
		if err != nil {
			w.retry(r)
			continue
		}
		limits := limitsOf(settings)
		due, _ := presence.NextDeadline(agent, limits)
		if silence, _ := r.lease.silence(now); silence < due {
			w.schedule(ctx, r)
			continue
		}
		silence, heardAt := r.lease.shut(now)
		calls = append(calls, newCall(Request{Key: r.key, Command: presence.Elapse{
			Fence: agent.Fence, Silence: silence, HeardAt: heardAt, Limits: limits,
		}}))
	}
	return calls
}
