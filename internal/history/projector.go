package history

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	// gatherPause is how long the projector waits after a wake-up, so that a
	// burst of changes is projected together.
	gatherPause = 250 * time.Millisecond
	// longestPause is how long it waits at most between attempts that fail.
	longestPause = 10 * time.Second
)

// Projector makes intervals of the logs. Its methods may be called at once.
type Projector struct {
	log       store.Log
	intervals store.Intervals
	logger    *slog.Logger

	wake chan struct{} // one place: a wake-up that nobody has taken yet says it all

	mu       sync.Mutex // guards the fields below
	due      map[presence.TenantID]struct{}
	progress map[presence.TenantID]*progress
}

// NewProjector returns a projector that reads the log and writes the intervals
// of the same store.
func NewProjector(log store.Log, intervals store.Intervals, logger *slog.Logger) *Projector {
	return &Projector{
		log:       log,
		intervals: intervals,
		logger:    logger,
		wake:      make(chan struct{}, 1),
		due:       make(map[presence.TenantID]struct{}),
		progress:  make(map[presence.TenantID]*progress),
	}
}

// Notify says that a tenant's log has grown. It never waits. Any number of
// calls before the next batch are one: what is remembered is bounded by the
// number of tenants. A call that never comes costs nothing but time; see
// [Projector.CatchUp].
func (p *Projector) Notify(tenant presence.TenantID) {
	p.mu.Lock()
	p.due[tenant] = struct{}{}
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// CatchUp returns when the intervals are made of everything that was committed
// in the tenant before the call. Errors are those of the store.
func (p *Projector) CatchUp(ctx context.Context, tenant presence.TenantID) error {
	return p.catchUp(ctx, tenant, p.reach)
}

// catchUp projects up to the head of a tenant's log, in a hurry or not.
func (p *Projector) catchUp(ctx context.Context, tenant presence.TenantID, project func(context.Context, *progress, store.Seq) error) error {
	head, err := p.log.Head(ctx, tenant)
	if err == nil && head.Seq > 0 {
		err = project(ctx, p.progressOf(tenant), head.Seq)
	}
	if err != nil {
		return fmt.Errorf("project the intervals of tenant %s: %w", tenant, err)
	}
	return nil
}

// Run projects what was logged before it began and then whatever
// [Projector.Notify] tells of, until ctx ends; then it returns nil. Where the
// store fails, it says so in the log, waits and goes on.
func (p *Projector) Run(ctx context.Context) error {
	pause := gatherPause
	for !p.addLogged(ctx) {
		if !sleep(ctx, pause) {
			return nil
		}
		pause = longer(pause)
	}
	pause = gatherPause
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-p.wake:
		}
		if !sleep(ctx, pause) {
			return nil
		}
		if p.catchUpDue(ctx) {
			pause = gatherPause
		} else {
			pause = longer(pause)
		}
	}
}

// addLogged makes every tenant due that has a log.
func (p *Projector) addLogged(ctx context.Context) bool {
	tenants, err := p.log.LoggedTenants(ctx)
	if err != nil {
		p.report(ctx, "list the logs to project", err)
		return false
	}
	for _, tenant := range tenants {
		p.Notify(tenant)
	}
	return true
}

// catchUpDue projects the tenants that are due and reports whether all went
// well. Where it did not, the tenant is due again.
func (p *Projector) catchUpDue(ctx context.Context) bool {
	p.mu.Lock()
	due := p.due
	p.due = make(map[presence.TenantID]struct{})
	p.mu.Unlock()
	ok := true
	for tenant := range due {
		if err := p.catchUp(ctx, tenant, p.spread); err != nil {
			p.report(ctx, "project intervals", err)
			p.Notify(tenant)
			ok = false
		}
	}
	return ok
}

// report logs an error, but not the end of the projector itself.
func (p *Projector) report(ctx context.Context, doing string, err error) {
	switch {
	case ctx.Err() != nil:
	case errors.Is(err, store.ErrUnavailable):
		p.logger.WarnContext(ctx, doing, "error", err)
	default:
		p.logger.ErrorContext(ctx, doing, "error", err)
	}
}

func (p *Projector) progressOf(tenant presence.TenantID) *progress {
	p.mu.Lock()
	defer p.mu.Unlock()
	g, ok := p.progress[tenant]
	if !ok {
		g = newProgress(tenant)
		p.progress[tenant] = g
	}
	return g
}

func longer(pause time.Duration) time.Duration { return min(2*pause, longestPause) }

// sleep waits and reports whether ctx still lives.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
