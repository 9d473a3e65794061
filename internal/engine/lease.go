package engine

import (
	"sync"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

// lease is how long ago an agent was heard. It is evidence kept in memory: only
// what follows from it is committed.
type lease struct {
	mu      sync.Mutex // guards all fields; nothing else is locked while it is held
	session presence.SessionID
	fence   uint64
	// open lets heartbeats pass without a command: the agent is committed as
	// live, and nobody is deciding whether it still is.
	open    bool
	heard   time.Duration    // by the engine's monotonic clock
	heardAt presence.Instant // the same by the wall clock, as evidence
	notedAt presence.Instant // the heardAt that was written down last

	sockets []*Socket // of the session, open
	on      *Socket   // the one heard last; of closed ones only the last of all
	alone   bool      // the last socket was closed, and nothing heard since
	closed  time.Duration
}

// hear notes a sign of life of the session and reports whether that was all
// there is to do; if not, a command must decide. The sign counts from now on in
// either case: the command may have to wait, and the agent is there meanwhile.
func (l *lease) hear(session presence.SessionID, now time.Duration, at presence.Instant) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !session.IsZero() && session != l.session {
		return false
	}
	l.heardNow(now, at)
	return l.open
}

// heardNow is a sign of life by whatever means.
func (l *lease) heardNow(now time.Duration, at presence.Instant) {
	l.heard, l.heardAt, l.alone = now, at, false
	if len(l.sockets) == 0 {
		l.on = nil
	}
}

// takeUp begins with what is stored of an agent: heardAt is when it was last
// heard, perhaps by another process.
func (l *lease) takeUp(a presence.Agent, now time.Duration, heardAt presence.Instant) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard, l.heardAt, l.notedAt = now, heardAt, heardAt
	if a.Session != nil {
		l.session, l.fence = a.Session.ID, a.Fence
	}
}

// follow takes over what was committed. A new session begins a new lease at now,
// and so does a new fence; but the latter's agent has not been heard yet.
func (l *lease) follow(a presence.Agent, now time.Duration, at presence.Instant) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := a.Session
	if s == nil {
		l.session, l.open = presence.SessionID{}, false
		l.forgetSockets()
		return
	}
	if l.session != s.ID {
		l.session, l.heardAt = s.ID, at
		l.fence = 0
		l.forgetSockets()
	}
	if l.fence != a.Fence {
		l.fence, l.heard = a.Fence, now
	}
	l.open = s.Connection == presence.Live && s.Held == nil
}

// standing is what a lease shows at a moment.
type standing struct {
	silence time.Duration
	heardAt presence.Instant
	sockets int
	socket  presence.SocketEvidence // where the client was heard last
	alone   time.Duration           // since the last socket was closed; -1: it is not so
	// beatDelay is the longest of the sockets'; 0: the tenant's.
	beatDelay time.Duration
}

// look returns how things stand.
func (l *lease) look(now time.Duration) standing {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.standing(now)
}

// shut is look for somebody who will decide on it: until the next follow, signs
// of life become commands and queue behind the decision.
func (l *lease) shut(now time.Duration) standing {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = false
	return l.standing(now)
}

func (l *lease) standing(now time.Duration) standing {
	s := standing{silence: now - l.heard, heardAt: l.heardAt, sockets: len(l.sockets), alone: -1}
	if l.on != nil {
		s.socket = l.on.evidence()
	}
	if l.alone {
		s.alone = now - l.closed
	}
	for _, socket := range l.sockets {
		s.beatDelay = max(s.beatDelay, socket.beatDelay)
	}
	return s
}

// news returns when the agent was last heard, if that has not been written down.
// The clock may have gone back since the last note.
func (l *lease) news() (at presence.Instant, fence uint64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.heardAt, l.fence, l.heardAt != l.notedAt
}

// noted says what was written down.
func (l *lease) noted(at presence.Instant) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.notedAt = at
}
