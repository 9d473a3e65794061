package history

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Point tells how many agents were what at an instant. Agents without a session
// are in none of the numbers.
type Point struct {
	At       presence.Instant
	Ready    int
	NotReady int
	Unknown  int
}

// Counts returns a point for each of the instants from, from+step and so on
// before to. An interval covers the instant it begins at and not the one it ends
// at; one that has not ended covers every later instant, so ask for none in the
// future. A range that is too long or too fine gets a [*RangeError].
func (q *Queries) Counts(ctx context.Context, tenant presence.TenantID, from, to presence.Instant, step time.Duration) ([]Point, error) {
	grid, err := newGrid(from, to, step)
	if err != nil {
		return nil, err
	}
	if err := q.projector.CatchUp(ctx, tenant); err != nil {
		return nil, err
	}
	err = q.intervals.IntervalsOfTenant(ctx, tenant, from, to, func(interval store.Interval) bool {
		for _, part := range parts(interval) {
			grid.add(part)
		}
		return true
	})
	if err != nil {
		return nil, fmt.Errorf("read the intervals of tenant %s: %w", tenant, err)
	}
	return grid.sum(), nil
}

// grid counts by differences: an interval adds one where it begins and takes one
// away where it ends, and the running sum is the count. So the work does not
// depend on how many points an interval covers.
type grid struct {
	from   presence.Instant
	step   int64   // milliseconds
	points []Point // the differences, until sum
}

func newGrid(from, to presence.Instant, step time.Duration) (*grid, error) {
	if err := checkSpan(from, to); err != nil {
		return nil, err
	}
	count, err := countPoints(from, to, step)
	if err != nil {
		return nil, err
	}
	return &grid{from: from, step: step.Milliseconds(), points: make([]Point, count)}, nil
}

func (g *grid) add(i store.Interval) {
	first := g.index(i.From)
	g.at(first, i.State, +1)
	if i.To != 0 {
		g.at(g.index(i.To), i.State, -1)
	}
}

// index returns the first point that does not lie before the instant; it may be
// beyond the last.
func (g *grid) index(at presence.Instant) int {
	if at <= g.from {
		return 0
	}
	offset := uint64(at) - uint64(g.from) // exact even where the difference of signed numbers is not
	step := uint64(g.step)
	index := offset / step
	if offset%step != 0 {
		index++
	}
	return int(min(index, uint64(len(g.points))))
}

func (g *grid) at(index int, state store.IntervalState, change int) {
	if index >= len(g.points) {
		return
	}
	switch point := &g.points[index]; state {
	case store.IntervalReady:
		point.Ready += change
	case store.IntervalNotReady:
		point.NotReady += change
	case store.IntervalUnknown:
		point.Unknown += change
	}
}

// sum turns the differences into counts.
func (g *grid) sum() []Point {
	var running Point
	for i, change := range g.points {
		running.Ready += change.Ready
		running.NotReady += change.NotReady
		running.Unknown += change.Unknown
		running.At = g.from + presence.Instant(int64(i)*g.step)
		g.points[i] = running
	}
	return g.points
}
