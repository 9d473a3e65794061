package engine

import (
	"slices"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

// attach adds a socket if its session is the live one, as a sign of life. Live
// reports whether that was all there is to do; see [lease.hear].
func (l *lease) attach(s *Socket, now time.Duration, at presence.Instant) (attached, live bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.session.IsZero() || l.session != s.session {
		return false, false
	}
	l.sockets = append(l.sockets, s)
	l.on = s
	l.heardNow(now, at)
	return true, l.open
}

// detach takes a socket away that never counted.
func (l *lease) detach(s *Socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remove(s)
	if l.on == s {
		l.on = nil
	}
}

// asked notes that a beat was sent, and reports whether the one before was
// missed.
func (l *lease) asked(s *Socket, beat uint64, at presence.Instant) (missed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	missed = s.asked > s.answered
	if !missed {
		s.waiting = at
	}
	s.asked = beat
	return missed
}

// hearing is what an answer came to.
type hearing int

const (
	heardLive hearing = iota // a sign of life, and nothing else to do
	notNew                   // no sign of life
	mustAsk                  // a command must decide
)

// answered takes the answer to a beat. Sooner reports whether the next silence
// counts from a shorter time on.
func (l *lease) answered(s *Socket, beat uint64, now time.Duration, at presence.Instant) (h hearing, sooner bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if beat <= s.answered || beat > s.asked {
		return notNew, false
	}
	s.answered, s.waiting = beat, at
	if s.nextDelay > 0 && beat > s.delayedFrom {
		sooner = s.nextDelay < s.beatDelay
		s.beatDelay, s.nextDelay = s.nextDelay, 0
	}
	if l.session != s.session || s.closing != "" {
		return mustAsk, false
	}
	l.on = s
	l.heardNow(now, at)
	if l.open {
		return heardLive, sooner
	}
	return mustAsk, sooner
}

// setBeatDelay notes the delay after the beats that are asked from now on. Up to the
// first answer to one of them the client is judged by the one before: until then it
// was not asked any sooner.
func (l *lease) setBeatDelay(s *Socket, delay time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.nextDelay, s.delayedFrom = delay, s.asked
}

// close takes a socket away and reports whether somebody should look at what
// follows: it was the session's last, or those that are left are asked sooner.
func (l *lease) close(s *Socket, how presence.Closing, now time.Duration, at presence.Instant) (look bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.closing != "" {
		return false
	}
	s.closing, s.closedAt = how, at
	if !l.remove(s) {
		return false
	}
	if len(l.sockets) > 0 {
		if l.on == s {
			l.on = l.sockets[len(l.sockets)-1]
		}
		return true
	}
	l.on, l.alone, l.closed = s, true, now
	return true
}

// remove reports whether the socket was there.
func (l *lease) remove(s *Socket) bool {
	i := slices.Index(l.sockets, s)
	if i < 0 {
		return false
	}
	l.sockets = slices.Delete(l.sockets, i, i+1)
	if len(l.sockets) == 0 {
		l.sockets = nil
	}
	return true
}

// forgetSockets lets go of the sockets of a session that has ended.
func (l *lease) forgetSockets() { l.sockets, l.on, l.alone = nil, nil, false }
