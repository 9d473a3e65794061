package wsapi

import (
	"sync"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

const (
	// slowMemory is how long it is remembered that a client was cut for being
	// slow.
	slowMemory = time.Minute
	// slowWait is how long a client that was cut twice within that time waits for
	// its welcome: what it cannot take costs the server a snapshot each time.
	slowWait = 5 * time.Second
	// slowSweep is the number of users from which on old entries are looked for.
	slowSweep = 1024
)

// slowness remembers whose clients were cut for being slow.
type slowness struct {
	mu sync.Mutex // guards of
	of map[presence.AgentID]slowCuts
}

// slowCuts are the times of the last two, by the server's monotonic clock.
type slowCuts struct {
	last, before time.Duration
	twice        bool
}

// note remembers a cut.
func (s *slowness) note(user presence.AgentID, now time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil {
		s.of = make(map[presence.AgentID]slowCuts)
	}
	if len(s.of) >= slowSweep {
		for other, cuts := range s.of {
			if now-cuts.last >= slowMemory {
				delete(s.of, other)
			}
		}
	}
	known, again := s.of[user]
	s.of[user] = slowCuts{last: now, before: known.last, twice: again}
}

// wait is how long the user's next welcome is held back; 0 for almost everybody.
func (s *slowness) wait(user presence.AgentID, now time.Duration) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cuts, ok := s.of[user]; ok && cuts.twice && now-cuts.before < slowMemory {
		return slowWait
	}
	return 0
}
