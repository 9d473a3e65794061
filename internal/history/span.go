package history

import (
	"fmt"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

const (
	// MaxSpan is the longest time that one question may cover: 31 days, of which
	// one may have 25 hours because the clocks went back.
	MaxSpan = 31*24*time.Hour + time.Hour
	// MaxPoints is how many points one question may ask for.
	MaxPoints = 2000
)

// RangeError says that a question covers too much, too little or nothing.
type RangeError struct {
	// Attribute is "to" or "step".
	Attribute string
	// Text says what to change, to be read after the attribute's name. It is safe
	// to show to the client.
	Text string
}

func (e *RangeError) Error() string { return e.Attribute + " " + e.Text }

func checkSpan(from, to presence.Instant) error {
	if to <= from {
		return &RangeError{Attribute: "to", Text: "must be later than from"}
	}
	if uint64(to)-uint64(from) > uint64(MaxSpan.Milliseconds()) {
		return &RangeError{Attribute: "to", Text: "must be at most 31 days after from"}
	}
	return nil
}

// countPoints returns how many points a span has; it is checked already.
func countPoints(from, to presence.Instant, step time.Duration) (int64, error) {
	if step < time.Millisecond || step%time.Millisecond != 0 {
		return 0, &RangeError{Attribute: "step", Text: "must be a whole number of milliseconds, at least 1"}
	}
	count := (int64(to-from)-1)/step.Milliseconds() + 1
	if count > MaxPoints {
		return 0, &RangeError{Attribute: "step", Text: fmt.Sprintf("must be longer: it counts milliseconds, and the time would have %d points, where %d are the most", count, MaxPoints)}
	}
	return count, nil
}
