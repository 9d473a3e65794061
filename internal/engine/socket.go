package engine

import (
	"context"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

// Socket is a connection on which a session's client is asked whether it is
// there. While a session has one, silence is measured by its answers; when the
// last is closed, the client is known to be gone. Its methods may be called at
// once. A socket of a session that has ended shows nothing any more.
type Socket struct {
	engine   *Engine
	resident *resident
	session  presence.SessionID
	info     SocketInfo

	// The fields below are guarded by the resident's lease.
	asked    uint64 // the newest beat that was sent
	answered uint64 // the newest that was answered
	waiting  presence.Instant
	// beatDelay is what the client is judged by; 0: the tenant's. nextDelay, unless 0,
	// takes its place with the answer to a beat after delayedFrom.
	beatDelay   time.Duration
	nextDelay   time.Duration
	delayedFrom uint64
	closedAt    presence.Instant
	closing     presence.Closing // empty while open
}

// SocketInfo says which socket it is, as evidence.
type SocketInfo struct {
	ID presence.SocketID
	// Client is what the client calls itself; at most a few dozen bytes, since it
	// stands in the log.
	Client string
	// BeatDelay is the time between two beats on this socket, as its client was told.
	// Silence is judged by it, whatever the tenant chooses meanwhile. Without one it
	// is judged by what the tenant has chosen.
	BeatDelay time.Duration
}

// OpenSocket says that the client of a live session listens on a socket, which is
// a sign of life. Errors are those of [Engine.Heartbeat]; there is no socket then.
func (e *Engine) OpenSocket(ctx context.Context, key presence.Key, session presence.SessionID, info SocketInfo) (*Socket, error) {
	for {
		if e.hasStopped() {
			return nil, ErrStopped
		}
		if r, ok := e.residentOf(key); ok {
			s := &Socket{engine: e, resident: r, session: session, info: info, beatDelay: info.BeatDelay}
			if attached, live := r.lease.attach(s, e.monotonic(), e.Now()); attached {
				if err := s.begin(ctx, live); err != nil {
					return nil, err
				}
				return s, nil
			}
		}
		// Not the live session: the core says why. If it has just become live, there
		// is a resident the next time.
		if _, err := e.Do(ctx, Request{Key: key, Command: presence.Hear{Session: session}}); err != nil {
			return nil, err
		}
	}
}

// begin makes an attached socket count.
func (s *Socket) begin(ctx context.Context, live bool) error {
	if !live {
		if err := s.hear(ctx); err != nil {
			s.resident.lease.detach(s)
			return err
		}
	}
	s.nudge() // beats come more often than heartbeats: what is due is due sooner
	return nil
}

// Asked says that a beat was sent; beats are numbered from 1.
func (s *Socket) Asked(beat uint64) {
	if s.resident.lease.asked(s, beat, s.engine.Now()) {
		s.engine.observer.BeatMissed()
	}
}

// SetBeatDelay says that beats that are asked from now on are followed by the next
// after another delay. It counts from the first answer to one of them.
func (s *Socket) SetBeatDelay(delay time.Duration) { s.resident.lease.setBeatDelay(s, delay) }

// Answered takes the answer to a beat, a sign of life unless it was taken before
// or never asked for. Errors are those of [Engine.Heartbeat].
func (s *Socket) Answered(ctx context.Context, beat uint64) error {
	if s.engine.hasStopped() {
		return ErrStopped
	}
	hearing, sooner := s.resident.lease.answered(s, beat, s.engine.monotonic(), s.engine.Now())
	if sooner {
		s.nudge()
	}
	switch hearing {
	case heardLive, notNew:
		return nil
	default:
		return s.hear(ctx)
	}
}

func (s *Socket) hear(ctx context.Context) error {
	_, err := s.engine.Do(ctx, Request{Key: s.resident.key, Command: presence.Hear{Session: s.session}})
	return err
}

// Close says that the socket is closed, and how. It is idempotent.
func (s *Socket) Close(how presence.Closing) {
	if s.resident.lease.close(s, how, s.engine.monotonic(), s.engine.Now()) {
		s.nudge()
	}
}

func (s *Socket) nudge() { s.engine.workerOf(s.resident.key.Tenant).nudge(s.resident) }

// evidence is what the socket shows. The caller holds the lease's lock.
func (s *Socket) evidence() presence.SocketEvidence {
	e := presence.SocketEvidence{ID: s.info.ID, Client: s.info.Client, ClosedAt: s.closedAt, Closing: s.closing}
	if s.asked > s.answered {
		e.Beat, e.BeatAt = s.answered+1, s.waiting
	}
	return e
}
