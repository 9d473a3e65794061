// Package backoff says how long to wait before trying again.
//
// # Purpose
//
// Whoever was cut off was cut off together with everybody else. A wait that is random over its whole length (full jitter) spreads
// their return, and one that doubles with each attempt makes room for a server that cannot take them yet. The package neither
// waits nor reads a clock.
package backoff

import (
	"math/rand/v2"
	"time"
)

// Backoff is how long to wait at most: First before attempt 0, twice as long before each further one, never more than Most. Neither
// is negative.
type Backoff struct{ First, Most time.Duration }

// Delay is a random time from 0 to the longest wait before that attempt. Attempts are counted from 0.
func (b Backoff) Delay(attempt int) time.Duration {
	longest := b.Most
	if doublings := max(attempt, 0); b.First <= b.Most>>doublings { // else the shift to the left could overflow
		longest = b.First << doublings
	}
	return rand.N(longest + 1)
}
