package sdk

import (
	"log/slog"
	"runtime/debug"
	"sync"
)

// SubscriptionID names a subscription of a client.
type SubscriptionID uint64

// mostWaiting is how many events wait for a subscriber at most. Whoever is further behind is cut off rather than shown a part.
const mostWaiting = 4096

// subscription delivers events to one receiver, in order and one at a time. Its goroutine exists only while something waits, so
// that a receiver that blocks or panics harms only itself.
type subscription struct {
	id      SubscriptionID
	topics  []Topic
	receive func(Event)
	log     *slog.Logger
	running *sync.WaitGroup // counts delivering goroutines

	// ended is closed when nothing more will be delivered.
	ended chan struct{}

	mu        sync.Mutex // guards the fields below
	waiting   []Event
	delivers  bool // a goroutine is at it
	cancelled bool
	slow      bool
}

func (s *subscription) wants(topic Topic) bool {
	for _, t := range s.topics {
		if t.covers(topic) {
			return true
		}
	}
	return false
}

// put queues an event. It is false when the receiver is too slow to get more.
func (s *subscription) put(e Event) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.cancelled:
		return true
	case len(s.waiting) == mostWaiting:
		s.slow = true
		s.end()
		return false
	}
	e.Subscription = s.id
	s.waiting = append(s.waiting, e)
	if !s.delivers {
		s.delivers = true
		s.running.Go(s.deliver)
	}
	return true
}

// deliver ends when nothing waits.
func (s *subscription) deliver() {
	for {
		e, ok := s.next()
		if !ok {
			return
		}
		s.hand(e)
	}
}

func (s *subscription) next() (Event, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 || s.cancelled {
		s.waiting, s.delivers = nil, false
		return Event{}, false
	}
	e := s.waiting[0]
	s.waiting[0] = Event{}
	s.waiting = s.waiting[1:]
	return e, true
}

func (s *subscription) hand(e Event) {
	defer func() {
		if cause := recover(); cause != nil {
			s.log.Error("a subscriber panicked", "topic", e.Topic, "panic", cause, "stack", string(debug.Stack()))
		}
	}()
	s.receive(e)
}

// cancel ends the subscription: what waits is dropped, and nothing is begun any more.
func (s *subscription) cancel() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
}

// end is cancel for whoever holds the lock.
func (s *subscription) end() {
	if !s.cancelled {
		s.cancelled = true
		close(s.ended)
	}
}

// tooSlow tells whether the subscription was cut off.
func (s *subscription) tooSlow() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.slow
}
