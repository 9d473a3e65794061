package engine

import (
	"context"
	"time"

	"github.com/muster-presence/muster/internal/directory"
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
	if !ok || w.engine.deaf.Load() {
		timer.Stop()
		return
	}
	timer.Reset(at - w.engine.monotonic())
}

// schedule sees to it that the agent's next step of decay is looked at in time.
// A step that is overdue has just been decided in vain.
func (w *worker) schedule(ctx context.Context, r *resident) { w.scheduleOr(ctx, r, retryAfter) }

// lookAtNudged looks at agents whose next step may have become due sooner.
func (w *worker) lookAtNudged(ctx context.Context) {
	for _, r := range w.nudges.take() {
		w.scheduleOr(ctx, r, 0)
	}
}

// scheduleOr is schedule with the time after which an overdue step is looked at.
func (w *worker) scheduleOr(ctx context.Context, r *resident, overdue time.Duration) {
	settings, err := w.engine.settings(ctx, r.key.Tenant)
	if err != nil {
		w.retry(r)
		return
	}
	now := w.engine.monotonic()
	left, ok := remaining(*r.committed.Load(), r.lease.look(now), settings)
	if !ok {
		return
	}
	if left <= 0 {
		left = overdue
	}
	w.deadlines.add(now+min(left, lookAgain), r)
}

// retry looks at the agent's decay again in a while.
func (w *worker) retry(r *resident) {
	w.deadlines.add(w.engine.monotonic()+retryAfter, r)
}

// remaining is the time until the agent's next step of decay, if nothing is heard
// of it; ok is false without a session.
func remaining(a presence.Agent, s standing, settings directory.Settings) (left time.Duration, ok bool) {
	due, ok := presence.NextDeadline(a, limitsOf(settings, s))
	left = due - s.silence
	if ok && isGone(a, s) {
		left = min(left, settings.LostAfter-s.alone)
	}
	return left, ok
}

// isGone reports whether the client's last socket is closed, and that is not known
// of the agent yet.
func isGone(a presence.Agent, s standing) bool {
	return s.alone >= 0 && a.Session.Connection != presence.Lost
}

// elapsed makes commands of the deadlines that have come. Agents that were heard
// in time are scheduled anew instead.
func (w *worker) elapsed(ctx context.Context) []*call {
	if w.engine.deaf.Load() {
		return nil
	}
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
		if left, _ := remaining(agent, r.lease.look(now), settings); left > 0 {
			w.schedule(ctx, r)
			continue
		}
		calls = append(calls, newCall(Request{Key: r.key, Command: decay(agent, r.lease.shut(now), settings)}))
	}
	return calls
}

// decay is the command for a step that is due.
func decay(a presence.Agent, s standing, settings directory.Settings) presence.Command {
	if isGone(a, s) && s.alone >= settings.LostAfter {
		return presence.Disconnect{Fence: a.Fence, HeardAt: s.heardAt, Socket: s.socket}
	}
	return presence.Elapse{
		Fence: a.Fence, Silence: s.silence, HeardAt: s.heardAt, Socket: s.socket, Limits: limitsOf(settings, s),
	}
}
