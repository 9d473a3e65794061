package engine

import (
	"context"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

// Heartbeat takes a sign of life of a session; the zero session is whichever is
// live. It returns the time until the next one is due. Refusals are those of
// [presence.Hear]. Where settings cannot be read, the sign counts all the same.
func (e *Engine) Heartbeat(ctx context.Context, key presence.Key, session presence.SessionID) (time.Duration, error) {
	if e.hasStopped() {
		return 0, ErrStopped
	}
	r, ok := e.residentOf(key)
	if !ok || !r.lease.hear(session, e.monotonic(), e.Now()) {
		if _, err := e.Do(ctx, Request{Key: key, Command: presence.Hear{Session: session}}); err != nil {
			return 0, err
		}
	}
	settings, err := e.settings(ctx, key.Tenant)
	return settings.HeartbeatDelay, err
}

// Silence returns since when a live agent has not been heard and what is due
// next; ok is false for one without a session.
func (e *Engine) Silence(ctx context.Context, key presence.Key) (s Silence, ok bool, err error) {
	r, ok := e.residentOf(key)
	if !ok {
		return Silence{}, false, nil
	}
	settings, err := e.settings(ctx, key.Tenant)
	if err != nil {
		return Silence{}, false, err
	}
	standing := r.lease.look(e.monotonic())
	return Silence{
		HeardAt: standing.heardAt, Lasted: standing.silence, Limits: limitsOf(settings, standing),
		Sockets: standing.sockets, Socket: standing.socket, Alone: standing.alone, LostAfter: settings.LostAfter,
	}, true, nil
}

// Silence is how long an agent has not been heard, and what follows from it.
type Silence struct {
	HeardAt presence.Instant
	Lasted  time.Duration
	Limits  presence.Limits
	// Sockets is how many sockets the client has, and Socket the one on which it
	// was heard last; without any, it is judged by its requests.
	Sockets int
	Socket  presence.SocketEvidence
	// Alone is for how long the client's last socket has been closed without any
	// sign of life since; -1 if it is not so. After LostAfter it counts as lost.
	Alone     time.Duration
	LostAfter time.Duration
}
