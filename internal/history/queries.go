package history

import (
	"context"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Queries answers questions about history. Every answer covers all that was
// committed before the question.
type Queries struct {
	projector *Projector
	intervals store.Intervals
}

// NewQueries returns the queries over the intervals that the projector writes.
func NewQueries(projector *Projector, intervals store.Intervals) *Queries {
	return &Queries{projector: projector, intervals: intervals}
}

// Day returns an agent's intervals that overlap the time from (inclusive) to
// (exclusive), rising and not cut to it. Where nobody can vouch for an open
// interval now, the time in doubt stands as an open interval of its own that is
// unknown. A range that is too long or empty gets a [*RangeError].
func (q *Queries) Day(ctx context.Context, key presence.Key, from, to presence.Instant) ([]store.Interval, error) {
	if err := checkSpan(from, to); err != nil {
		return nil, err
	}
	if err := q.projector.CatchUp(ctx, key.Tenant); err != nil {
		return nil, err
	}
	stored, err := q.intervals.IntervalsOfAgent(ctx, key, from, to)
	if err != nil {
		return nil, fmt.Errorf("read the intervals of agent %s: %w", key.Agent, err)
	}
	var day []store.Interval
	for _, interval := range stored {
		for _, part := range parts(interval) {
			if part.From < to && (part.To == 0 || from < part.To) {
				day = append(day, part)
			}
		}
	}
	return day, nil
}
