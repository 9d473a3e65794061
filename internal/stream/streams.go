package stream

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/muster-presence/muster/internal/bus"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	// readers is how many goroutines read logs on. Tenants are divided among
	// them; a second one keeps a large tenant from holding up the small ones.
	readers = 2
	// readsAtOnce bounds how many subscriptions read the store at once while they
	// begin or resume: after a cut everybody comes back at the same time.
	readsAtOnce = 4
)

// ErrSlow: the client took so little that its queue is full. It resumes from its
// cursor.
var ErrSlow = errors.New("more waits for the client than may wait")

// Storage is what is read.
type Storage interface {
	store.Log
	store.Floor
}

// Directory tells whether names, groups and members are still what they were.
type Directory interface {
	// Revision rises with every change of the directory.
	Revision(ctx context.Context) (int64, error)
}

// Observer is told what happens, for metrics. Its methods must be fast.
type Observer interface {
	// Lag reports how long a commit's newest record took to reach the queues.
	Lag(time.Duration)
	// Overflowed reports a subscription that ended because its client was slow.
	Overflowed()
}

// Options are what streams are made of. Storage, Directory and Bus are needed.
type Options struct {
	Storage   Storage
	Directory Directory
	Bus       bus.Bus
	Log       *slog.Logger
	Observer  Observer
	// QueueItems is how many events may wait for a client until it counts as slow;
	// 16,384 without. They may also be no more than 4 MiB.
	QueueItems int
}

// Streams are the views of all tenants' logs. Its methods may be called at once.
type Streams struct {
	storage   Storage
	directory Directory
	bus       bus.Bus
	log       *slog.Logger
	observer  Observer

	queueItems int

	readers  []*reader
	gate     chan struct{} // a place for each read at once
	reloads  chan struct{} // one place: a wake-up that nobody has taken yet says it all
	mu       sync.RWMutex  // guards feeds
	feeds    map[presence.TenantID]*feed
	watching [2]atomic.Int64

	queuedBytes, queuedItems atomic.Int64 // in all queues
}

// New makes streams that follow nothing yet.
func New(o Options) *Streams {
	s := &Streams{
		storage:    o.Storage,
		directory:  o.Directory,
		bus:        o.Bus,
		log:        o.Log,
		observer:   o.Observer,
		queueItems: cmp.Or(o.QueueItems, queueItems),
		gate:       make(chan struct{}, readsAtOnce),
		reloads:    make(chan struct{}, 1),
		feeds:      make(map[presence.TenantID]*feed),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.observer == nil {
		s.observer = nobody{}
	}
	for range readers {
		s.readers = append(s.readers, newReader(s))
	}
	return s
}

// Run follows the logs until ctx ends; then it returns nil.
func (s *Streams) Run(ctx context.Context) error {
	cancel := s.bus.Subscribe(func(a bus.Announcement) { s.announced(a.Tenant) })
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	for _, r := range s.readers {
		group.Go(func() error { return r.run(ctx) })
	}
	group.Go(func() error { return s.reloadFloors(ctx) })
	return group.Wait()
}

// Subscribe begins to follow a view after a cursor; without one, or with one that
// nothing can be resumed from, it begins with a snapshot. Wake is called whenever
// there is something to send and the last [Subscription.Next] had nothing: from
// any goroutine, so it must neither wait nor call the subscription. Close the
// subscription in the end. Errors are those of the store and of ctx.
func (s *Streams) Subscribe(ctx context.Context, tenant presence.TenantID, view View, after Cursor, wake func()) (*Subscription, error) {
	f := s.feedOf(tenant)
	if err := f.open(ctx); err != nil {
		return nil, err
	}
	sub := &Subscription{feed: f, floor: view.Floor, wake: wake}
	var err error
	if view.Floor {
		err = f.subscribeFloor(ctx, sub, view.Group, after)
	} else {
		err = f.subscribeSelf(ctx, sub, view.Agent, after)
	}
	if err != nil {
		return nil, err
	}
	s.watchers(view.Floor).Add(1)
	return sub, nil
}

// Reload says that the directory has changed: floors look again at names, groups
// and members. It does not wait for them.
func (s *Streams) Reload() {
	select {
	case s.reloads <- struct{}{}:
	default:
	}
}

// Watching is how many subscriptions there are of a kind of view.
func (s *Streams) Watching(floor bool) int { return int(s.watchers(floor).Load()) }

// Queued is how many bytes wait for clients, as encoded, in all queues together.
// What several clients wait for counts for each.
func (s *Streams) Queued() int64 { return s.queuedBytes.Load() }

// QueuedItems is how many items that is: events, snapshots, marks and beats.
func (s *Streams) QueuedItems() int64 { return s.queuedItems.Load() }

// Fullest is how full the fullest queue is: 0 is empty, and beyond 1 the client is
// cut. It looks at every queue.
func (s *Streams) Fullest() float64 {
	var fullest float64
	for _, f := range s.allFeeds() {
		fullest = max(fullest, f.fullest())
	}
	return fullest
}

func (s *Streams) watchers(floor bool) *atomic.Int64 {
	if floor {
		return &s.watching[1]
	}
	return &s.watching[0]
}

// announced is called by whoever has committed, so it only takes a note.
func (s *Streams) announced(tenant presence.TenantID) {
	s.mu.RLock()
	f, ok := s.feeds[tenant]
	s.mu.RUnlock()
	if ok {
		f.reader.look(f)
	}
}

func (s *Streams) feedOf(tenant presence.TenantID) *feed {
	s.mu.RLock()
	f, ok := s.feeds[tenant]
	s.mu.RUnlock()
	if ok {
		return f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, ok := s.feeds[tenant]; ok {
		return f
	}
	hash := binary.BigEndian.Uint64(tenant.UUID[8:]) ^ binary.BigEndian.Uint64(tenant.UUID[:8])
	f = newFeed(s, tenant, s.readers[hash%uint64(len(s.readers))])
	s.feeds[tenant] = f
	return f
}

func (s *Streams) allFeeds() []*feed {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*feed, 0, len(s.feeds))
	for _, f := range s.feeds {
		all = append(all, f)
	}
	return all
}

// enter waits for a place among those who read the store; leave gives it back.
func (s *Streams) enter(ctx context.Context) error {
	select {
	case s.gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Streams) leave() { <-s.gate }

// nobody observes nothing.
type nobody struct{}

func (nobody) Lag(time.Duration) {}
func (nobody) Overflowed()       {}
