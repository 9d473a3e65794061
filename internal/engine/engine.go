package engine

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/muster-presence/muster/internal/bus"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

var (
	// ErrStopped: the engine no longer takes commands. It counts as
	// [store.ErrUnavailable].
	ErrStopped = fmt.Errorf("the server is stopping: %w", store.ErrUnavailable)
	// ErrInteractionUnknown: nobody in the tenant has that interaction open.
	ErrInteractionUnknown = errors.New("interaction not open")
	// ErrNotEntitled: the user may not hold a session in the tenant, any more.
	ErrNotEntitled = errors.New("not entitled to a session")
	// ErrReceiptMismatch: the idempotency key was used for another body.
	ErrReceiptMismatch = errors.New("idempotency key used for another request")
)

// Storage is what the engine needs of a store.
type Storage interface {
	store.Agents
	store.Log
}

// Directory is what the engine needs to know of tenants and members.
type Directory interface {
	// Tenant returns a tenant with its settings, or [store.ErrNotFound].
	Tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error)
	// Member returns a member, or [store.ErrNotFound].
	Member(ctx context.Context, key presence.Key) (*directory.Member, error)
}

// Options are what an engine is made of. Storage, Directory and Bus are needed;
// the others have defaults.
type Options struct {
	Storage   Storage
	Directory Directory
	Bus       bus.Bus
	Log       *slog.Logger
	Observer  Observer
	// Wall is the clock that events are dated by; time.Now without. Leases are
	// measured by the monotonic clock whatever Wall does.
	Wall func() time.Time
	// Workers is how many workers share the tenants; 2 without. More help only
	// stores that commit side by side.
	Workers int
	// NoteEvery is how often it is written down who was heard; 10 s without.
	NoteEvery time.Duration
}

// Observer is told what the engine does, for metrics. Its methods must be fast
// and may be called at once.
type Observer interface {
	// Committed reports a commit of so many commands' changes, and its error.
	Committed(changes, records int, took time.Duration, err error)
	// Decayed reports a step that silence led to.
	Decayed(kind presence.Kind)
	// BeatMissed reports a beat that was not answered until the next.
	BeatMissed()
	// FalselyAvailable reports that an agent who was offerable turned out to be
	// silent or gone, and for how long it had not been heard: the longest time
	// that it can have been offered work in vain.
	FalselyAvailable(time.Duration)
}

// Engine carries out commands. Its methods may be called at once.
type Engine struct {
	storage   Storage
	directory Directory
	bus       bus.Bus
	log       *slog.Logger
	observer  Observer
	wall      func() time.Time
	noteEvery time.Duration

	clock     clock
	residents sync.Map // presence.Key to *resident, live agents only
	live      atomic.Int64
	deaf      atomic.Bool // nobody can be heard any more
	workers   []*worker
	stopped   chan struct{} // closed when Run has begun to end
	ended     chan struct{} // closed when all workers have ended
}

// New makes an engine that does nothing yet.
func New(o Options) *Engine {
	e := &Engine{
		storage:   o.Storage,
		directory: o.Directory,
		bus:       o.Bus,
		log:       o.Log,
		observer:  o.Observer,
		wall:      o.Wall,
		noteEvery: o.NoteEvery,
		clock:     clock{began: time.Now()},
		stopped:   make(chan struct{}),
		ended:     make(chan struct{}),
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.observer == nil {
		e.observer = silentObserver{}
	}
	if e.wall == nil {
		e.wall = time.Now
	}
	if e.noteEvery <= 0 {
		e.noteEvery = 10 * time.Second
	}
	workers := o.Workers
	if workers <= 0 {
		workers = 2
	}
	for range workers {
		e.workers = append(e.workers, newWorker(e))
	}
	return e
}

// Start loads every live session and becomes responsible for hearing it: each
// has its full lease from now on, and nobody is offerable until heard. Sessions
// of users who may no longer hold one are ended.
func (e *Engine) Start(ctx context.Context) error {
	live, err := e.storage.Live(ctx)
	if err != nil {
		return fmt.Errorf("load the live sessions: %w", err)
	}
	var calls []*call
	for _, stored := range live {
		e.workerOf(stored.Key.Tenant).adopt(stored)
		command, err := e.takeOver(ctx, stored)
		if err != nil {
			return fmt.Errorf("take over the session of %s: %w", stored.Key.Agent, err)
		}
		calls = append(calls, newCall(Request{Key: stored.Key, Command: command}))
	}
	for _, w := range e.workers {
		if err := w.carryOutAll(ctx, calls); err != nil {
			return fmt.Errorf("take over the live sessions: %w", err)
		}
	}
	return nil
}

// takeOver is the command with which the engine begins to hear a stored agent.
func (e *Engine) takeOver(ctx context.Context, stored store.Stored) (presence.Command, error) {
	entitled, err := e.entitled(ctx, stored.Key, stored.Agent.Session.Silent)
	if err != nil {
		return nil, err
	}
	if !entitled {
		return presence.Revoke{By: presence.System()}, nil
	}
	return presence.TakeLease{HeardAt: max(stored.HeardAt, stored.Agent.Session.StartedAt)}, nil
}

// Run works until ctx ends. It returns when all of its goroutines have ended
// and what was heard is written down.
func (e *Engine) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, w := range e.workers {
		group.Go(func() error { return w.run(ctx) })
	}
	group.Go(func() error { return e.noteHeard(ctx) })
	group.Go(func() error { return e.clock.watch(ctx) })
	<-ctx.Done()
	close(e.stopped)
	err := group.Wait()
	close(e.ended)
	e.noteLast(ctx) // after the last batch, which may have heard somebody
	return err
}

// Deafen says that clients cannot reach the server any more, because it is going to
// stop: from now on silence is nobody's fault, and neither silence nor a closed
// socket leads to anything. Commands are still carried out.
func (e *Engine) Deafen() { e.deaf.Store(true) }

func (e *Engine) hasStopped() bool {
	select {
	case <-e.stopped:
		return true
	default:
		return false
	}
}

// Live is the number of live sessions.
func (e *Engine) Live() int { return int(e.live.Load()) }

// Agent returns an agent as it was last committed.
func (e *Engine) Agent(ctx context.Context, key presence.Key) (presence.Agent, error) {
	if r, ok := e.residentOf(key); ok {
		return *r.committed.Load(), nil
	}
	stored, err := e.storage.Agent(ctx, key)
	return stored.Agent, err
}

// Now is the time by the engine's clock.
func (e *Engine) Now() presence.Instant { return presence.InstantOf(e.wall()) }

// monotonic is the time by which silence is measured.
func (e *Engine) monotonic() time.Duration { return e.clock.now() }

func (e *Engine) workerOf(tenant presence.TenantID) *worker {
	hash := binary.BigEndian.Uint64(tenant.UUID[8:]) ^ binary.BigEndian.Uint64(tenant.UUID[:8])
	return e.workers[hash%uint64(len(e.workers))]
}

// settings returns what the tenant chose. A tenant that is gone has the
// defaults, so that its last sessions still end.
func (e *Engine) settings(ctx context.Context, tenant presence.TenantID) (directory.Settings, error) {
	t, err := e.directory.Tenant(ctx, tenant)
	if errors.Is(err, store.ErrNotFound) {
		return directory.DefaultSettings(), nil
	}
	if err != nil {
		return directory.Settings{}, err
	}
	return t.Settings, nil
}

// limitsOf are the silences that count for an agent as things stand. Who is asked on
// a socket is judged by the delay that it is asked at, which may be one that the
// tenant had before: then the later limits give way to the first.
func limitsOf(settings directory.Settings, s standing) presence.Limits {
	limits := presence.Limits{Silent: settings.OfferableFor(), NotReady: settings.NotReadyAfter, End: settings.EndAfter}
	if s.sockets > 0 {
		settings.BeatDelay = cmp.Or(s.beatDelay, settings.BeatDelay)
		limits.Silent = settings.SilentAfterBeats()
		limits.NotReady = max(limits.NotReady, limits.Silent)
		limits.End = max(limits.End, limits.NotReady)
	}
	return limits
}

type silentObserver struct{}

func (silentObserver) Committed(int, int, time.Duration, error) {}
func (silentObserver) Decayed(presence.Kind)                    {}
func (silentObserver) BeatMissed()                              {}
func (silentObserver) FalselyAvailable(time.Duration)           {}
