package stream_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
)

// village is a tenant with a server where its agents work, and another one where
// clients may watch too, which nobody tells of commits.
type village struct {
	t     *testing.T
	world *world
	log   *recording
	reads *failing // the log as the streams read it
	// floors are whose rows there were at each revision of the directory.
	floors map[int64][]store.FloorRow

	news       int           // how many agents are known
	calm, over chan struct{} // closed when work ends, and when watching does

	mu sync.RWMutex // guards up
	up *servers     // nil while they are stopped
}

// servers run until they are stopped.
type servers struct {
	engine      *engine.Engine
	streams     []*stream.Streams
	down        chan struct{} // closed when they are stopped
	stopEngine  func()
	stopStreams func()
	ended       chan error
}

// recording remembers what was committed.
type recording struct {
	*memory.Store
	mu      sync.Mutex // guards changes
	changes []store.Change
}

func (r *recording) Commit(ctx context.Context, changes []store.Change) error {
	if err := r.Store.Commit(ctx, changes); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.changes = append(r.changes, changes...)
	return nil
}

func (r *recording) all() []store.Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.SortedFunc(slices.Values(r.changes), func(a, b store.Change) int {
		return cmp.Compare(a.Records[0].Seq, b.Records[0].Seq)
	})
}

// failing is a store that is slow to read, and sometimes cannot be read at all.
type failing struct {
	*recording
	fails atomic.Bool
}

// after lets others go on before an answer is used, or makes it fail.
func (f *failing) after(err error) error {
	for range 20 {
		runtime.Gosched()
	}
	if f.fails.Load() {
		return store.ErrUnavailable
	}
	return err
}

func (f *failing) Head(ctx context.Context, tenant presence.TenantID) (store.Position, error) {
	head, err := f.recording.Head(ctx, tenant)
	return head, f.after(err)
}

func (f *failing) Records(ctx context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	records, err := f.recording.Records(ctx, tenant, after, limit)
	return records, f.after(err)
}

func (f *failing) RecordsOfAgent(ctx context.Context, key presence.Key, after store.Seq, limit int) ([]store.Record, error) {
	records, err := f.recording.RecordsOfAgent(ctx, key, after, limit)
	return records, f.after(err)
}

func (f *failing) LatestOfAgent(ctx context.Context, key presence.Key, limit int) ([]store.Record, error) {
	records, err := f.recording.LatestOfAgent(ctx, key, limit)
	return records, f.after(err)
}

func (f *failing) FloorRows(ctx context.Context, tenant presence.TenantID, query store.FloorQuery) ([]store.FloorRow, string, error) {
	rows, next, err := f.recording.FloorRows(ctx, tenant, query)
	return rows, next, f.after(err)
}

func newVillage(t *testing.T) *village {
	w := newWorld(t, residents)
	w.end() // its servers do not remember what they commit
	log := &recording{Store: w.store}
	v := &village{
		t: t, world: w, log: log, reads: &failing{recording: log}, floors: make(map[int64][]store.FloorRow), news: residents,
		calm: make(chan struct{}), over: make(chan struct{}),
	}
	v.noteFloor()
	v.start()
	return v
}

func (v *village) start() {
	v.t.Helper()
	working, stopEngine := context.WithCancel(context.Background())
	reading, stopStreams := context.WithCancel(context.Background())
	announced := new(local.Bus)
	up := &servers{
		engine: engine.New(engine.Options{Storage: v.log, Directory: v.log, Bus: announced}),
		streams: []*stream.Streams{
			stream.New(stream.Options{Storage: v.reads, Directory: v.log, Bus: announced}),
			stream.New(stream.Options{Storage: v.reads, Directory: v.log, Bus: new(local.Bus)}),
		},
		down: make(chan struct{}), stopEngine: stopEngine, stopStreams: stopStreams, ended: make(chan error, 3),
	}
	if err := up.engine.Start(working); err != nil {
		v.t.Fatal(err)
	}
	go func() { up.ended <- up.engine.Run(working) }()
	for _, s := range up.streams {
		go func() { up.ended <- s.Run(reading) }()
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.up = up
}

func (v *village) stop() {
	v.t.Helper()
	v.mu.Lock()
	up := v.up
	v.up = nil
	v.mu.Unlock()
	up.stopEngine()
	up.stopStreams()
	if err := errors.Join(<-up.ended, <-up.ended, <-up.ended); err != nil {
		v.t.Error(err)
	}
	close(up.down)
}

// fail lets nobody read the log for a while.
func (v *village) fail(d time.Duration) {
	v.reads.fails.Store(true)
	time.Sleep(d)
	v.reads.fails.Store(false)
}

func (v *village) running() *servers {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.up
}

// reform changes the directory: names, members, groups, or nothing that a row
// shows. Not everybody hears of it at once.
func (v *village) reform(chance *rand.Rand, n int) {
	v.t.Helper()
	switch n % 5 {
	case 0:
		renamed := *newcomer(chance.IntN(residents))[0].Document.(*directory.User)
		renamed.LastName = fmt.Sprint("Renamed ", n)
		v.world.apply(directory.Changes{{Action: directory.Update, Kind: directory.KindUser, Document: &renamed}})
	case 1:
		v.world.apply(newcomer(v.news))
		v.news++
	case 2:
		moved := *newcomer(chance.IntN(residents))[1].Document.(*directory.Membership)
		if moved.Groups = nil; n%2 == 0 {
			moved.Groups = []directory.GroupID{sales.ID}
		}
		v.world.apply(directory.Changes{{Action: directory.Update, Kind: directory.KindMembership, Document: &moved}})
	default:
		changed := *role
		changed.Name = fmt.Sprint("Agent ", n)
		v.world.apply(directory.Changes{{Action: directory.Update, Kind: directory.KindRole, Tenant: tenant, Document: &changed}})
	}
	v.noteFloor()
	if up := v.running(); up != nil && chance.IntN(3) > 0 {
		up.streams[0].Reload()
	}
}

func (v *village) noteFloor() {
	v.t.Helper()
	revision, err := v.log.Revision(context.Background())
	if err != nil {
		v.t.Fatal(err)
	}
	rows, _, err := v.log.FloorRows(context.Background(), tenant, store.FloorQuery{Limit: 1000})
	if err != nil {
		v.t.Fatal(err)
	}
	v.floors[revision] = rows
}

// work is what happens to an agent, until it is calm.
func (v *village) work(chance *rand.Rand, key presence.Key) {
	for {
		select {
		case <-v.calm:
			return
		case <-time.After(time.Duration(chance.IntN(8)) * 200 * time.Millisecond): // many at once
		}
		if chance.IntN(40) == 0 { // silence, long enough to be held or ended
			select {
			case <-v.calm:
			case <-time.After(time.Duration(chance.IntN(90)) * time.Second):
			}
		}
		up := v.running()
		if up == nil {
			continue
		}
		for range 1 + chance.IntN(4) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			_, _ = up.engine.Do(ctx, engine.Request{Key: key, Command: commandOf(chance, key)}) // refusals are welcome
			cancel()
		}
	}
}

func commandOf(chance *rand.Rand, key presence.Key) presence.Command {
	by := self(key)
	if chance.IntN(4) == 0 {
		by = sue
	}
	call := presence.InteractionID{UUID: presence.UUID{0: 0xa0, 6: 0x40, 8: 0x80, 15: byte(chance.IntN(2))}}
	switch chance.IntN(12) {
	case 0:
		return presence.StartSession{By: self(key), WorkLimit: 1, Silent: chance.IntN(4) == 0}
	case 1, 2:
		return presence.GoReady{By: by, HasExtension: true}
	case 3, 4:
		return presence.GoNotReady{By: by}
	case 5, 6:
		return presence.SetDirection{By: by, Direction: presence.Directions()[chance.IntN(3)]}
	case 7:
		return presence.ReportWork{By: presence.System(), Work: presence.Work{
			Interaction: call, Channel: "voice", Direction: presence.Inbound, State: presence.WorkStates()[chance.IntN(3)],
		}}
	case 8:
		return presence.EndWork{By: presence.System(), Interaction: call}
	case 9:
		return presence.StartMonitoring{By: self(key), Interaction: call}
	case 10:
		return presence.GoOffline{By: by, Force: chance.IntN(2) == 0, Wait: true}
	}
	return presence.Hear{}
}
