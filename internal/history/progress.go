package history

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// batchSize is how many records are projected in one transaction: enough that
// the sync to disk costs little, few enough that commits of presence changes,
// which wait meanwhile for a millisecond or two, hardly notice.
const batchSize = 64

// progress is how far one tenant's log has been projected.
type progress struct {
	tenant presence.TenantID
	// turn holds a value while somebody works on the tenant and guards the fields
	// below. It is a channel so that waiting for it ends with the context.
	turn chan struct{}

	loaded   bool
	position store.Seq
	open     openIntervals
}

func newProgress(tenant presence.TenantID) *progress {
	return &progress{tenant: tenant, turn: make(chan struct{}, 1)}
}

func (g *progress) begin(ctx context.Context) error {
	select {
	case g.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *progress) finish() { <-g.turn }

// reach projects until nothing up to target is missing.
func (p *Projector) reach(ctx context.Context, g *progress, target store.Seq) error {
	for {
		if err := p.load(ctx, g); err != nil {
			return err
		}
		if g.position >= target {
			return nil
		}
		from := g.position
		err := p.step(ctx, g)
		if err == nil {
			continue
		}
		// What is stored is not what was believed, or nobody can know.
		g.loaded = false
		if !errors.Is(err, store.ErrStale) {
			return err
		}
		if err := p.load(ctx, g); err != nil {
			return err
		}
		if g.position == from {
			return fmt.Errorf("nobody else went on from record %d either: %w", from, err)
		}
	}
}

func (p *Projector) load(ctx context.Context, g *progress) error {
	if g.loaded {
		return nil
	}
	position, err := p.intervals.Projected(ctx, g.tenant)
	if err != nil {
		return fmt.Errorf("load the place of the intervals: %w", err)
	}
	// If somebody else projects between the two reads, these intervals are newer
	// than the place, and the next step is refused as stale.
	intervals, err := p.intervals.OpenIntervals(ctx, g.tenant)
	if err != nil {
		return fmt.Errorf("load the open intervals: %w", err)
	}
	open := make(openIntervals, len(intervals))
	for _, interval := range intervals {
		open[interval.Key.Agent] = interval
	}
	g.position, g.open, g.loaded = position, open, true
	return nil
}

// step projects one batch.
func (p *Projector) step(ctx context.Context, g *progress) error {
	records, err := p.log.Records(ctx, g.tenant, g.position, batchSize)
	if err != nil {
		return fmt.Errorf("read the log after %d: %w", g.position, err)
	}
	if len(records) == 0 {
		return fmt.Errorf("the log ends at %d, before its head", g.position)
	}
	upTo := records[len(records)-1].Seq
	folded := fold(g.open, records)
	if err := p.intervals.Project(ctx, folded.projection(g.tenant, g.position, upTo)); err != nil {
		return fmt.Errorf("write the intervals up to %d: %w", upTo, err)
	}
	folded.apply()
	g.position = upTo
	return nil
}
