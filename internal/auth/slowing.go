package auth

import (
	"container/list"
	"context"
	"sync"
	"time"
)

const (
	firstWait         = time.Second
	longestWait       = 30 * time.Second
	failuresFadeAfter = 15 * time.Minute
	// failuresKept bounds the memory: 2 MiB. To push an entry out, a guesser has to
	// fail that often elsewhere, which takes longer than the longest wait.
	failuresKept = 10_000
	// attemptsWaiting is how many attempts may wait for the one under way.
	attemptsWaiting = 8
)

// slowing makes whoever fails to log in wait before the next attempt, twice as
// long after each failure. Attempts of one origin are let through one at a time,
// so that guessing in parallel gains nothing. It never locks out: the longest
// wait is 30 s, other addresses of the account do not feel it, and time alone
// ends it.
type slowing struct {
	now func() time.Time

	mu      sync.Mutex // guards the fields below and what they hold
	failed  map[origin]*list.Element
	order   *list.List // of *failures, the one that failed longest ago first
	running map[origin]*turn
}

// failures are the failed attempts of an origin since its last success.
type failures struct {
	origin origin
	count  int
	last   time.Time // with its monotonic reading: a corrected clock locks nobody out
}

// turn is an attempt of an origin under way.
type turn struct {
	done    chan struct{} // closed at its end
	waiting int
}

// outcome is how an attempt ended.
type outcome int

const (
	undecided outcome = iota // the password was not checked
	succeeded
	denied
)

func newSlowing(now func() time.Time) *slowing {
	return &slowing{
		now:     now,
		failed:  make(map[origin]*list.Element),
		order:   list.New(),
		running: make(map[origin]*turn),
	}
}

// begin returns nil when a password of this origin may be checked now; then end
// must follow. It waits for an attempt of the same origin that is under way.
// Otherwise it answers [*Slowed], [ErrBusy] if too many wait already or, while
// waiting, the context's error.
func (s *slowing) begin(ctx context.Context, from origin) error {
	for {
		before, err := s.tryBegin(from)
		if before == nil {
			return err
		}
		select {
		case <-before.done:
		case <-ctx.Done():
			s.stopWaiting(before)
			return ctx.Err()
		}
	}
}

// tryBegin begins an attempt, or answers why not: an error, or the attempt to
// wait for.
func (s *slowing) tryBegin(from origin) (before *turn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if wait := s.wait(from); wait > 0 {
		return nil, &Slowed{RetryAfter: wait}
	}
	before, ok := s.running[from]
	switch {
	case !ok:
		s.running[from] = &turn{done: make(chan struct{})}
		return nil, nil
	case before.waiting >= attemptsWaiting:
		return nil, ErrBusy
	}
	before.waiting++
	return before, nil
}

func (s *slowing) stopWaiting(before *turn) {
	s.mu.Lock()
	before.waiting--
	s.mu.Unlock()
}

// end says how the attempt of this origin came out and lets the next one try.
func (s *slowing) end(from origin, how outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch how {
	case succeeded:
		s.forget(from)
	case denied:
		s.count(from)
	}
	close(s.running[from].done)
	delete(s.running, from)
}

// wait returns for how long attempts of this origin are still refused.
func (s *slowing) wait(from origin) time.Duration {
	element, ok := s.failed[from]
	if !ok {
		return 0
	}
	f := element.Value.(*failures)
	return waitAfter(f.count) - s.now().Sub(f.last)
}

// count adds a failure of this origin and drops the entries that have faded or
// are too many.
func (s *slowing) count(from origin) {
	now := s.now()
	for oldest := s.order.Front(); oldest != nil; oldest = s.order.Front() {
		f := oldest.Value.(*failures)
		if now.Sub(f.last) < failuresFadeAfter {
			break
		}
		s.forget(f.origin)
	}
	element, ok := s.failed[from]
	if !ok {
		if s.order.Len() >= failuresKept {
			s.forget(s.order.Front().Value.(*failures).origin)
		}
		element = s.order.PushBack(&failures{origin: from})
		s.failed[from] = element
	}
	f := element.Value.(*failures)
	f.count++
	f.last = now
	s.order.MoveToBack(element)
}

func (s *slowing) forget(from origin) {
	if element, ok := s.failed[from]; ok {
		s.order.Remove(element)
		delete(s.failed, from)
	}
}

// waitAfter returns the wait after that many failures: 1 s, 2 s, 4 s … 30 s.
func waitAfter(count int) time.Duration {
	wait := firstWait
	for range count - 1 {
		if wait *= 2; wait >= longestWait {
			return longestWait
		}
	}
	return wait
}
