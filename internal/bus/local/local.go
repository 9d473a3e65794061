// Package local is the bus inside one process.
package local

import (
	"sync"

	"github.com/muster-presence/muster/internal/bus"
)

// Bus hands announcements to subscribers in the announcer's goroutine. The zero
// value is ready for use.
type Bus struct {
	mu          sync.RWMutex // guards the fields below; held while subscribers are called
	subscribers map[int]func(bus.Announcement)
	next        int
}

var _ bus.Bus = (*Bus)(nil)

// Announce implements [bus.Bus].
func (b *Bus) Announce(a bus.Announcement) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, receive := range b.subscribers {
		receive(a)
	}
}

// Subscribe implements [bus.Bus]. After cancel has returned, receive is not
// called any more; cancel must not be called from within receive.
func (b *Bus) Subscribe(receive func(bus.Announcement)) (cancel func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subscribers == nil {
		b.subscribers = make(map[int]func(bus.Announcement))
	}
	id := b.next
	b.next++
	b.subscribers[id] = receive
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subscribers, id)
	}
}
