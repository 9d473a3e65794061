package presence

import "time"

// Instant is a point in time in whole milliseconds since 1970-01-01 UTC. Stored
// times and differences of stored times are exact in this unit, so durations
// add up.
type Instant int64

// InstantOf cuts t to whole milliseconds.
func InstantOf(t time.Time) Instant { return Instant(t.UnixMilli()) }

// Time returns the instant as a time in UTC.
func (i Instant) Time() time.Time { return time.UnixMilli(int64(i)).UTC() }

// Add returns the instant d later; d is cut to whole milliseconds.
func (i Instant) Add(d time.Duration) Instant { return i + Instant(d.Milliseconds()) }

// Sub returns the time from earlier to i.
func (i Instant) Sub(earlier Instant) time.Duration {
	return time.Duration(i-earlier) * time.Millisecond
}

// String returns the instant as ISO 8601 text in UTC with milliseconds.
func (i Instant) String() string { return i.Time().Format("2006-01-02T15:04:05.000Z") }
