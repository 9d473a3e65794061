package stream_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// Agents work at once, clients come, stall, go and come back with any cursor, the
// directory changes, and servers are stopped and started on the same store. What
// each client saw is then held against the log.
func TestGuarantees_HoldWhileATenantLives(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { liveThrough(t, seed) })
		})
	}
}

const (
	residents = 12
	watchers  = 36
)

func liveThrough(t *testing.T, seed uint64) {
	v := newVillage(t)
	chance := rand.New(rand.NewPCG(seed, 0))
	var working, watching sync.WaitGroup
	for n := range residents {
		own := rand.New(rand.NewPCG(seed, uint64(100+n)))
		working.Go(func() { v.work(own, agent(n)) })
	}
	var guests []*guest
	for n := range watchers {
		g := newGuest(v, viewOf(n), rand.New(rand.NewPCG(seed, uint64(1000+n))))
		guests = append(guests, g)
		watching.Go(g.stay)
	}
	for n := range 12 {
		time.Sleep(time.Duration(chance.IntN(10_000)) * time.Millisecond)
		v.reform(chance, n)
		if n%4 == 3 {
			v.restart(time.Duration(chance.IntN(30_000)) * time.Millisecond)
		}
	}
	close(v.calm)
	working.Wait()
	time.Sleep(time.Minute) // longer than any stall, and a beat of every client
	close(v.over)
	watching.Wait()
	v.stop()
	changes := v.log.all()
	t.Logf("%d changes, %d floors", len(changes), len(v.floors))
	for n, g := range guests {
		g.judge(t, n, changes)
	}
}

// viewOf is what the guest of that number watches.
func viewOf(n int) stream.View {
	switch {
	case n%3 > 0:
		return stream.View{Agent: agent(n % residents).Agent}
	case n%2 > 0:
		return stream.View{Floor: true, Group: "Sales"}
	}
	return wholeFloor
}

// village is a tenant with a server where its agents work, and another one where
// clients may watch too, which nobody tells of commits.
type village struct {
	t     *testing.T
	world *world
	log   *recording
	// floors are whose rows there were at each revision of the directory.
	floors map[int64][]store.FloorRow

	calm, over chan struct{} // closed when work ends, and when watching does

	mu   sync.RWMutex // guards the fields below
	up   *servers     // nil while they are stopped
	news int          // how many agents are known
}

// servers run until they are stopped.
type servers struct {
	engine  *engine.Engine
	streams []*stream.Streams
	down    chan struct{} // closed when they are stopped
	ended   func() error
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

func newVillage(t *testing.T) *village {
	w := newWorld(t, residents)
	w.end() // its servers do not remember what they commit
	v := &village{
		t: t, world: w, log: &recording{Store: w.store}, floors: make(map[int64][]store.FloorRow), news: residents,
		calm: make(chan struct{}), over: make(chan struct{}),
	}
	v.noteFloor()
	v.start()
	return v
}

func (v *village) start() {
	v.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	announced := new(local.Bus)
	up := &servers{
		engine: engine.New(engine.Options{Storage: v.log, Directory: v.log, Bus: announced}),
		streams: []*stream.Streams{
			stream.New(stream.Options{Storage: v.log, Directory: v.log, Bus: announced}),
			stream.New(stream.Options{Storage: v.log, Directory: v.log, Bus: new(local.Bus)}),
		},
		down: make(chan struct{}),
	}
	if err := up.engine.Start(ctx); err != nil {
		v.t.Fatal(err)
	}
	ended := make(chan error, 3)
	go func() { ended <- up.engine.Run(ctx) }()
	for _, s := range up.streams {
		go func() { ended <- s.Run(ctx) }()
	}
	up.ended = func() error {
		cancel()
		return errors.Join(<-ended, <-ended, <-ended)
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
	if err := up.ended(); err != nil {
		v.t.Error(err)
	}
	close(up.down)
}

func (v *village) restart(after time.Duration) {
	v.t.Helper()
	v.stop()
	time.Sleep(after)
	v.start()
}

func (v *village) running() *servers {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.up
}

// reform changes the directory: names, members, or nothing that a row shows. Not
// everybody hears of it at once.
func (v *village) reform(chance *rand.Rand, n int) {
	v.t.Helper()
	switch n % 3 {
	case 0:
		renamed := *newcomer(chance.IntN(residents))[0].Document.(*directory.User)
		renamed.LastName = fmt.Sprint("Renamed ", n)
		v.world.apply(directory.Changes{{Action: directory.Update, Kind: directory.KindUser, Document: &renamed}})
	case 1:
		v.world.apply(newcomer(v.news))
		v.news++
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
		case <-time.After(time.Duration(chance.IntN(1500)) * time.Millisecond):
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

// guest watches a view, in its own way.
type guest struct {
	village *village
	view    stream.View
	chance  *rand.Rand
	client  *streamtest.Client
	been    []streamtest.Cursor
	wrong   []error
}

func newGuest(v *village, view stream.View, chance *rand.Rand) *guest {
	return &guest{village: v, view: view, chance: chance, client: streamtest.NewClient(streamtest.View(view))}
}

func (g *guest) calm() bool {
	select {
	case <-g.village.calm:
		return true
	default:
		return false
	}
}

// stay connects again and again until it is over.
func (g *guest) stay() {
	for {
		select {
		case <-g.village.over:
			return
		case <-time.After(time.Duration(g.chance.IntN(2000)) * time.Millisecond):
		}
		if up := g.village.running(); up != nil {
			g.connect(up)
		}
	}
}

// choose is the cursor that the guest comes with: its own, and sometimes any
// other.
func (g *guest) choose() streamtest.Cursor {
	from := g.client.Cursor()
	if from.IsZero() || g.calm() {
		return from
	}
	g.been = append(g.been, from)
	switch g.chance.IntN(12) {
	case 0:
		return streamtest.Cursor{}
	case 1:
		return g.been[g.chance.IntN(len(g.been))]
	case 2:
		from.Seq += store.Seq(1 + g.chance.IntN(1000)*g.chance.IntN(1000))
	case 3:
		from.Epoch = "00000000-0000-4000-8000-000000000000"
	case 4:
		from.Epoch += "x"
	}
	return from
}

func (g *guest) connect(up *servers) {
	from := g.choose()
	honest := from == g.client.Cursor()
	g.client.ConnectFrom(from)
	wake := make(chan struct{}, 1)
	sub, err := up.streams[g.chance.IntN(2)].Subscribe(context.Background(), tenant, g.view, stream.Cursor(from), func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	if err != nil {
		g.wrong = append(g.wrong, err)
		return
	}
	defer sub.Close()
	welcome := fmt.Sprintf(`{"type":"welcome","cursor":%q,"beatMs":4000,"timestamp":"2026-03-02T09:00:00.000Z"}`, sub.Welcome())
	if g.take([]byte(welcome)) {
		g.read(up, sub, wake, honest)
	}
}

// read takes frames until the connection ends, by a whim or with the server.
func (g *guest) read(up *servers, sub *stream.Subscription, wake <-chan struct{}, honest bool) {
	pace := []time.Duration{0, 0, 20 * time.Millisecond, time.Second, 20 * time.Second}[g.chance.IntN(5)]
	whim := time.After(time.Duration(g.chance.IntN(60_000)) * time.Millisecond)
	calm := g.village.calm
	beats := time.NewTicker(4 * time.Second)
	defer beats.Stop()
	for beat := uint64(1); ; {
		text, cursor, err := sub.Next(context.Background(), nil)
		if err != nil {
			g.wrong = append(g.wrong, err)
			return
		}
		if len(text) > 0 {
			if !g.take(text) {
				return
			}
			if is := g.client.Cursor(); honest && !cursor.IsZero() && streamtest.Cursor(cursor) != is {
				g.wrong = append(g.wrong, fmt.Errorf("after %.100s the client is at %s, Next says %s", text, is, cursor))
			}
		}
		next := wake
		var pause <-chan time.Time
		if len(text) > 0 {
			next, pause = nil, time.After(pace)
		}
		select {
		case <-next:
		case <-pause:
		case <-beats.C:
			sub.Beat(beat)
			beat++
		case <-whim:
			if !g.calm() {
				return
			}
		case <-calm:
			calm, pace = nil, 0
		case <-up.down:
			return
		case <-g.village.over:
			return
		}
	}
}

// take reports whether the client goes on after a frame.
func (g *guest) take(text []byte) bool {
	verdict, err := g.client.Receive(text)
	if err != nil {
		g.wrong = append(g.wrong, err)
	}
	return verdict == streamtest.GoOn || verdict == streamtest.Answer
}

// judge holds what the guest saw against the log.
func (g *guest) judge(t *testing.T, n int, changes []store.Change) {
	t.Helper()
	head, err := g.village.log.Head(context.Background(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	truth := streamtest.Truth{
		Tenant: tenant, Changes: changes, Floors: make(map[string][]store.FloorRow),
		Epoch: partOf(head.Epoch.String(), g.view.Agent.String()),
	}
	for revision, rows := range g.village.floors {
		truth.Floors[partOf(fmt.Sprintf("%s.%d", head.Epoch, revision), g.view.Group)] = rows
	}
	err = errors.Join(errors.Join(g.wrong...), streamtest.Check(truth, g.client.Seen()), streamtest.Converged(truth, g.client))
	if err != nil {
		t.Errorf("guest %d of %+v, at the end at %s: %.2000v", n, g.view, g.client.Cursor(), err)
	}
}

// partOf is the epoch of one view's cursors.
func partOf(epoch, part string) string {
	return fmt.Sprintf("%s.%08x", epoch, crc32.ChecksumIEEE([]byte(part)))
}
