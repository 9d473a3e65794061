package wsapi

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/muster-presence/muster/internal/directory"
)

const (
	// silentBeats and silentTime are how many beats in a row, and for how long,
	// stay without an answer at least until the socket is given up.
	silentBeats = 5
	silentTime  = 20 * time.Second
	// silentLimits is how many times as long that is as the silence after which the
	// engine stops counting on the client: by then it has done so long ago, also for
	// tenants that are patient.
	silentLimits = 2
)

// rhythm is how a client is asked whether it is there.
type rhythm struct {
	delay    time.Duration // until the next beat
	patience time.Duration // with a client that answers none
}

// rhythm is the watch's at present. The client counts on what it was told: it gives
// the connection up when it hears nothing for a few of these delays. So a tenant's
// shorter delay counts at once, and a longer one from the next welcome on.
func (w *watch) rhythm() rhythm {
	settings, err := w.settings()
	if err != nil {
		return rhythm{delay: w.told, patience: silentLimits * directory.MaxBeatGrace * w.told}
	}
	delay := min(w.told, settings.BeatDelay)
	settings.BeatDelay = w.told
	return rhythm{delay: delay, patience: max(silentTime, silentLimits*settings.SilentAfterBeats())}
}

// beats are a socket's questions whether its client is there. Numbers rise from 1.
type beats struct {
	mu       sync.Mutex // guards the fields below
	timer    *time.Timer
	ended    bool
	asked    uint64
	answered uint64
	delay    time.Duration // after the newest one
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
func (b *beats) silent(now, patience time.Duration) bool {
	return b.asked-b.answered >= silentBeats && now-b.waiting >= patience
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
