package stream

import (
	"context"
	"sync"
	"time"
)

const (
	// lookAnyway is how often a reader looks at all of its feeds without having
	// been woken: announcements may get lost on their way between servers.
	lookAnyway = 5 * time.Second
	// pauseAfterFailure is how long a reader waits after the store has failed.
	pauseAfterFailure = 250 * time.Millisecond
)

// reader reads the logs of its feeds on.
type reader struct {
	streams *Streams
	wake    chan struct{} // one place

	mu  sync.Mutex // guards due
	due map[*feed]struct{}
}

func newReader(s *Streams) *reader {
	return &reader{streams: s, wake: make(chan struct{}, 1), due: make(map[*feed]struct{})}
}

// look says that there may be something new for a feed. It does not wait.
func (r *reader) look(f *feed) {
	r.mu.Lock()
	r.due[f] = struct{}{}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run reads until ctx ends; then it returns nil.
func (r *reader) run(ctx context.Context) error {
	timer := time.NewTimer(lookAnyway)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-r.wake:
		case <-timer.C:
			r.lookAtAll()
			timer.Reset(lookAnyway)
			continue
		}
		if !r.advanceDue(ctx) {
			timer.Reset(pauseAfterFailure)
		}
	}
}

// advanceDue reports whether all went well. What did not is looked at again with
// the next look at everything, which then comes soon.
func (r *reader) advanceDue(ctx context.Context) bool {
	r.mu.Lock()
	due := r.due
	r.due = make(map[*feed]struct{})
	r.mu.Unlock()
	ok := true
	for f := range due {
		if err := f.advance(ctx); err != nil && ctx.Err() == nil {
			r.streams.log.Warn("could not read a log on; will try again", "tenant", f.tenant, "error", err)
			ok = false
		}
	}
	return ok
}

func (r *reader) lookAtAll() {
	for _, f := range r.streams.allFeeds() {
		if f.reader == r {
			r.look(f)
		}
	}
}
