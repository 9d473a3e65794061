package store

import (
	"context"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

// Intervals keeps history: what each agent was from when to when. It is made
// from the log, and the place up to which it was made is stored with it.
type Intervals interface {
	// Projected is the number of the last record that intervals were made of; 0
	// before the first.
	Projected(ctx context.Context, tenant presence.TenantID) (Seq, error)
	// OpenIntervals returns a tenant's intervals that have not ended.
	OpenIntervals(ctx context.Context, tenant presence.TenantID) ([]Interval, error)
	// Project writes intervals made of the records after one number up to
	// another, all or nothing. [ErrStale] if the stored place is not after. A
	// power cut may take steps back, the last ones first and the place with them:
	// they can be made again.
	Project(ctx context.Context, p Projection) error
	// IntervalsOfAgent returns an agent's intervals that overlap the time from
	// (inclusive) to (exclusive), rising.
	IntervalsOfAgent(ctx context.Context, key presence.Key, from, to presence.Instant) ([]Interval, error)
	// IntervalsOfTenant calls yield for every interval that overlaps the time,
	// in no order, until yield answers false.
	IntervalsOfTenant(ctx context.Context, tenant presence.TenantID, from, to presence.Instant, yield func(Interval) bool) error
}

// Projection is a step of making intervals.
type Projection struct {
	Tenant presence.TenantID
	After  Seq
	UpTo   Seq
	// Closed intervals replace the open one with the same agent and From; those
	// that were never stored open are added. Dropped goes first, then Closed, then
	// Opened.
	Closed []Interval
	// Opened are open intervals, at most one an agent: new ones, and those whose
	// UnvouchedSince has changed.
	Opened []Interval
	// Dropped are open intervals that turned out to have no length.
	Dropped []Interval
}

// IntervalState is what an agent was during an interval.
type IntervalState string

// The interval states.
const (
	IntervalReady    IntervalState = "ready"
	IntervalNotReady IntervalState = "notready"
	// IntervalUnknown is time that nobody can vouch for.
	IntervalUnknown IntervalState = "unknown"
)

// Interval is a time during which state, reason and direction of an agent's
// session were the same. The intervals of a session tile it: they neither
// overlap nor leave a gap.
type Interval struct {
	Key       presence.Key
	Session   presence.SessionID
	From      presence.Instant
	To        presence.Instant // 0 while open
	State     IntervalState
	Reason    presence.Reason
	Direction presence.Direction
	Cause     presence.Cause
	// UnvouchedSince is set while open and nobody can vouch for the time since.
	UnvouchedSince presence.Instant
}

// Duration is the length of a closed interval.
func (i Interval) Duration() time.Duration { return i.To.Sub(i.From) }
