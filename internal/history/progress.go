package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	// smallStep is how many records are projected in one transaction while the
	// intervals are close behind the log: commits of presence changes wait for it
	// half a millisecond at most.
	smallStep = 8
	// stepPause follows each small step that nobody waits for, so that the steps
	// are spread between the changes. With it some 1,700 records a second are
	// projected.
	stepPause = 4 * time.Millisecond
	// farBehind is how many records may be missing before they are projected in
	// large steps without pauses, which are quickest on the whole but keep changes
	// waiting for two or three milliseconds each.
	farBehind = 1024
	largeStep = 64
)

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
	if err := g.begin(ctx); err != nil {
		return err
	}
	defer g.finish()
	for {
		missing, err := p.advance(ctx, g, target)
		if missing == 0 || err != nil {
			return err
		}
	}
}

// spread is reach for when nobody waits: with pauses, in which changes are
// committed and whoever is in a hurry goes on in its place.
func (p *Projector) spread(ctx context.Context, g *progress, target store.Seq) error {
	for {
		missing, err := p.advanceInTurn(ctx, g, target)
		if missing == 0 || err != nil {
			return err
		}
		if missing <= farBehind && !sleep(ctx, stepPause) {
			return ctx.Err()
		}
	}
}

func (p *Projector) advanceInTurn(ctx context.Context, g *progress, target store.Seq) (missing store.Seq, err error) {
	if err := g.begin(ctx); err != nil {
		return 0, err
	}
	defer g.finish()
	return p.advance(ctx, g, target)
}

// advance projects one step, unless nothing up to target is missing, and returns
// how many records are missing then.
func (p *Projector) advance(ctx context.Context, g *progress, target store.Seq) (missing store.Seq, err error) {
	if err := p.load(ctx, g); err != nil {
		return 0, err
	}
	from := g.position
	if from >= target {
		return 0, nil
	}
	if err := p.step(ctx, g, stepSize(target-from)); err != nil {
		// What is stored is not what was believed, or nobody can know.
		g.loaded = false
		if !errors.Is(err, store.ErrStale) {
			return 0, err
		}
		if err := p.load(ctx, g); err != nil {
			return 0, err
		}
		if g.position == from {
			return 0, fmt.Errorf("nobody else went on from record %d either: %w", from, err)
		}
	}
	return target - min(g.position, target), nil
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

func stepSize(missing store.Seq) int {
	if missing > farBehind {
		return largeStep
	}
	return smallStep
}

// step projects one batch of that many records at most.
func (p *Projector) step(ctx context.Context, g *progress, size int) error {
	records, err := p.log.Records(ctx, g.tenant, g.position, size)
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
