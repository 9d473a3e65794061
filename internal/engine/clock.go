package engine

import (
	"context"
	"sync"
	"time"
)

const (
	// clockTick is how often the clock is looked at when nobody else does.
	clockTick = time.Second
	// stallLimit is the longest time between two looks that counts. A longer one
	// means that the process did not run: it was stopped, or starved.
	stallLimit = 3 * time.Second
)

// clock is what silence is measured by: the monotonic clock without the time
// during which the process did not run. Nobody could be heard then, so nobody is
// to blame for it.
type clock struct {
	began time.Time

	mu   sync.Mutex    // guards the fields below; taken last
	seen time.Duration // since began, when last looked at
	lost time.Duration // how much of it does not count
}

// now is the time since the clock began that counts. It never goes back.
func (c *clock) now() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	passed := time.Since(c.began)
	if gap := passed - c.seen; gap > stallLimit {
		c.lost += gap
	}
	c.seen = passed
	return passed - c.lost
}

// watch looks at the clock until ctx ends, so that an idle time is not taken for
// a stall.
func (c *clock) watch(ctx context.Context) error {
	ticker := time.NewTicker(clockTick)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.now()
		case <-ctx.Done():
			return nil
		}
	}
}
