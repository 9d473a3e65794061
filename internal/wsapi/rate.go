package wsapi

import "time"

const (
	// frameBurst is how many frames a client may send at once.
	frameBurst = 32
	// frameEvery is the time in which it may send one more: eight a second. A
	// client needs one a beat.
	frameEvery = 125 * time.Millisecond
)

// rate bounds how often something happens. It is one number: the time at which
// all that happened would have been paid for, by the server's monotonic clock.
// The zero value has seen nothing.
type rate time.Duration

// take reports whether a frame may come now, and counts it if so.
func (r *rate) take(now time.Duration) bool {
	paid := max(time.Duration(*r), now)
	if paid-now > (frameBurst-1)*frameEvery {
		return false
	}
	*r = rate(paid + frameEvery)
	return true
}
