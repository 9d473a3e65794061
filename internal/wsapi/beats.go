package wsapi

import (
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// silentBeats and silentTime are how many beats in a row, and for how long,
	// may stay without an answer until the socket is given up. Long before that the
	// engine has stopped counting on the client.
	silentBeats = 5
	silentTime  = 20 * time.Second
)

// beats are a socket's questions whether its client is there. Numbers rise from 1.
type beats struct {
	mu       sync.Mutex // guards the fields below
	timer    *time.Timer
	ended    bool
	asked    uint64
	answered uint64
	waiting  time.Duration // since when the first unanswered one waits, by the server's clock
}

// ask returns the number of the next beat.
func (b *beats) ask(now time.Duration) uint64 {
	if b.asked == b.answered {
		b.waiting = now
	}
	b.asked++
	return b.asked
}

// silent reports whether too much was asked in vain. Both count: after a stall of
// the server's own, little was asked in a long time.
func (b *beats) silent(now time.Duration) bool {
	return b.asked-b.answered >= silentBeats && now-b.waiting >= silentTime
}

// answer takes an answer. It is fresh if it says something new; ok is false for a
// beat that was never asked.
func (b *beats) answer(n uint64, now time.Duration) (fresh, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if n == 0 || n > b.asked {
		return false, false
	}
	if n <= b.answered {
		return false, true
	}
	b.answered, b.waiting = n, now
	return true, true
}

// end stops the beats. One that is being sent may still follow.
func (b *beats) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
	if b.timer != nil {
		b.timer.Stop()
	}
}

// firstBeat is when the first beat is due: clients that came at once are not
// asked at once.
func firstBeat(delay time.Duration) time.Duration { return rand.N(delay) }
