package demo

import "time"

const (
	firstPause   = 500 * time.Millisecond
	longestPause = 15 * time.Second
)

// backoff is how long somebody leaves the server alone that could not answer:
// with full jitter and doubling bounds, so that thousands who were cut off at
// once do not come back at once, and never shorter than the server asked.
type backoff struct {
	failures int
	until    time.Time // zero without a failure
}

func (b *backoff) fail(now time.Time, asked time.Duration, jitter dice) {
	bound := min(firstPause<<min(b.failures, 10), longestPause)
	b.failures++
	b.until = now.Add(asked + jitter.between(bound/10, bound))
}

func (b *backoff) reset() { *b = backoff{} }

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
