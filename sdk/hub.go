package sdk

import (
	"log/slog"
	"slices"
	"sync"
)

// hub publishes events to subscriptions.
type hub struct {
	log       *slog.Logger
	callbacks *callbacks
	running   sync.WaitGroup // delivering goroutines

	mu            sync.Mutex // guards the fields below; taken before a subscription's
	last          SubscriptionID
	subscriptions []*subscription // in order of subscription
	closed        bool
}

func newHub(log *slog.Logger, b *callbacks) *hub { return &hub{log: log, callbacks: b} }

// add begins to deliver to the subscription, which gets its id.
func (h *hub) add(s *subscription) SubscriptionID {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last++
	s.id, s.log, s.running, s.ended = h.last, h.log, &h.running, make(chan struct{})
	if h.closed {
		s.cancel()
	} else {
		h.subscriptions = append(h.subscriptions, s)
	}
	return s.id
}

func (h *hub) unsubscribe(id SubscriptionID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := slices.IndexFunc(h.subscriptions, func(s *subscription) bool { return s.id == id })
	if i < 0 {
		return false
	}
	h.subscriptions[i].cancel()
	h.subscriptions = slices.Delete(h.subscriptions, i, i+1)
	return true
}

// publish queues the event for whoever wants it and returns. Two calls reach each subscription in the order in which they were
// made.
func (h *hub) publish(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subscriptions = slices.DeleteFunc(h.subscriptions, func(s *subscription) bool {
		if !s.wants(e.Topic) || s.put(e.own()) {
			return false
		}
		h.callbacks.begin("Options.Log", func() { // which may block, or use the client
			h.log.Error("a subscriber is too slow and gets no more events", "subscription", s.id, "topics", s.topics, "waiting", mostWaiting)
		})
		return true
	})
}

// close takes no more events, lets those that wait be delivered, and ends all subscriptions. Receivers that do not return in
// time are left behind with what they hold.
func (h *hub) close() {
	h.mu.Lock()
	ending := h.subscriptions
	h.subscriptions, h.closed = nil, true
	h.mu.Unlock()

	if !returned(&h.running) {
		h.log.Warn("a subscriber does not return and is left behind")
	}
	for _, s := range ending {
		s.cancel()
	}
}
