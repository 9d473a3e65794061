package engine_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

// The timers of the tenant that the tests play in.
const (
	silentAfter   = 15 * time.Second
	notReadyAfter = 40 * time.Second
	endAfter      = 100 * time.Second
)

var (
	demo  = presence.TenantID{UUID: presence.UUID{0: 0xde, 6: 0x40, 8: 0x80}}
	lunch = presence.Reason{Name: "Lunch", ID: presence.ReasonID{UUID: presence.UUID{15: 7}}, List: presence.ReasonListID{UUID: presence.UUID{15: 8}}}
	sue   = presence.Actor{Cause: presence.BySupervisor, ID: agent(9001).Agent, Name: "Sue Visor"}
	roles = []directory.Role{{
		ID: directory.RoleID{UUID: presence.UUID{15: 1}}, Key: "agent", Name: "Agent",
		Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll}),
	}}
	errDiskFull = &store.Unavailable{Reason: "the disk is full", Hint: "make room", Cause: errors.New("full")}
)

// agent is the key of the agent with that number.
func agent(n int) presence.Key {
	id := presence.UUID{0: 0xa9, 6: 0x40, 8: 0x80}
	binary.BigEndian.PutUint32(id[12:], uint32(n))
	return presence.Key{Tenant: demo, Agent: presence.AgentID{UUID: id}}
}

func interaction(n byte) presence.InteractionID {
	return presence.InteractionID{UUID: presence.UUID{0: 0xca, 6: 0x40, 8: 0x80, 15: n}}
}

func self(key presence.Key) presence.Actor {
	return presence.Actor{Cause: presence.ByAgent, ID: key.Agent, Name: "Agent"}
}

// tester is what a floor needs of a test: one of testing's or of rapid's.
type tester interface {
	Helper()
	Context() context.Context
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// floor is a tenant with an engine on it.
type floor struct {
	t       tester
	storage *tap
	bus     *announcements
	wall    *wall
	options engine.Options
	engine  *engine.Engine
	stop    func()
}

// onFloor plays a test in a bubble of virtual time, on a floor whose engine runs.
func onFloor(t *testing.T, play func(t *testing.T, f *floor)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFloor(t)
		f.start()
		play(t, f)
	})
}

// newFloor makes a floor of agents 0 to 9 whose engine is not there yet.
func newFloor(t tester) *floor {
	t.Helper()
	f := &floor{t: t, storage: &tap{Store: memory.New()}, wall: new(wall)}
	f.bus = &announcements{storage: f.storage}
	f.options = engine.Options{Storage: f.storage, Directory: f.storage, Bus: f.bus, Wall: f.wall.now}
	region := &directory.Region{ID: directory.RegionID{UUID: presence.UUID{15: 1}}, Key: "local", Name: "Local"}
	f.change(
		directory.Change{Action: directory.Create, Kind: directory.KindRegion, Document: region},
		directory.Change{Action: directory.Create, Kind: directory.KindTenant, Document: &directory.Tenant{
			ID: demo, Key: "demo", Name: "Demo", Active: true, Timezone: "Etc/UTC", Region: region.ID, Settings: settings(),
		}},
		directory.Change{Action: directory.Create, Kind: directory.KindRole, Tenant: demo, Document: &roles[0]},
	)
	f.hire(10)
	return f
}

func settings() directory.Settings {
	s := directory.DefaultSettings()
	s.HeartbeatDelay, s.HeartbeatGrace = 10*time.Second, 1.5
	s.NotReadyAfter, s.EndAfter = notReadyAfter, endAfter
	return s
}

// hire makes agents 0 to n-1 members, those who are none yet.
func (f *floor) hire(n int) {
	f.t.Helper()
	var changes directory.Changes
	for i := range n {
		if _, err := f.storage.Member(f.t.Context(), agent(i)); err == nil {
			continue
		}
		changes = append(changes,
			directory.Change{Action: directory.Create, Kind: directory.KindUser, Document: &directory.User{
				ID: agent(i).Agent, Username: fmt.Sprintf("agent%d@demo.example", i), Active: true,
			}},
			directory.Change{Action: directory.Create, Kind: directory.KindMembership, Document: membership(i)},
		)
	}
	f.change(changes...)
}

func membership(i int) *directory.Membership {
	return &directory.Membership{Tenant: demo, Agent: agent(i).Agent, Active: true, Roles: []directory.RoleID{roles[0].ID}}
}

// change changes the directory.
func (f *floor) change(changes ...directory.Change) {
	f.t.Helper()
	contents, err := f.storage.Load(f.t.Context())
	if err != nil {
		f.t.Fatal(err)
	}
	if err := f.storage.Apply(f.t.Context(), contents.Revision, changes, nil); err != nil {
		f.t.Fatal(err)
	}
}

// changeSettings changes the tenant's settings.
func (f *floor) changeSettings(change func(*directory.Settings)) {
	f.t.Helper()
	tenant, err := f.storage.Tenant(f.t.Context(), demo)
	if err != nil {
		f.t.Fatal(err)
	}
	changed := *tenant
	change(&changed.Settings)
	f.change(directory.Change{Action: directory.Update, Kind: directory.KindTenant, Fields: []string{"settings"}, Document: &changed})
}

// start starts an engine on what is stored, and stops it with the test.
func (f *floor) start() {
	f.t.Helper()
	e := engine.New(f.options)
	if err := e.Start(f.t.Context()); err != nil {
		f.t.Fatalf("Start: %v", err)
	}
	f.run(e)
}

func (f *floor) run(e *engine.Engine) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	f.engine = e
	f.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			f.t.Errorf("Run: %v", err)
		}
	})
	f.t.Cleanup(f.stop)
}

// restart stops the engine and starts another one after the downtime.
func (f *floor) restart(downtime time.Duration) {
	f.t.Helper()
	f.stop()
	time.Sleep(downtime)
	f.start()
}

// do carries out a command that must succeed.
func (f *floor) do(key presence.Key, command presence.Command) engine.Answer {
	f.t.Helper()
	answer, err := f.engine.Do(f.t.Context(), engine.Request{Key: key, Command: command})
	if err != nil {
		f.t.Fatalf("%s: %v", command.Name(), err)
	}
	return answer
}

// logIn begins a session.
func (f *floor) logIn(key presence.Key) presence.SessionID {
	f.t.Helper()
	return f.do(key, start(key)).Agent.Session.ID
}

// logInReady begins a session and makes the agent ready.
func (f *floor) logInReady(key presence.Key) presence.SessionID {
	f.t.Helper()
	session := f.logIn(key)
	f.do(key, ready(key))
	return session
}

// beat sends a heartbeat that must succeed.
func (f *floor) beat(key presence.Key) {
	f.t.Helper()
	if _, err := f.engine.Heartbeat(f.t.Context(), key, presence.SessionID{}); err != nil {
		f.t.Fatalf("heartbeat: %v", err)
	}
}

// agent is the agent as the engine shows it.
func (f *floor) agent(key presence.Key) presence.Agent {
	f.t.Helper()
	a, err := f.engine.Agent(f.t.Context(), key)
	if err != nil {
		f.t.Fatal(err)
	}
	return a
}

// stored is the agent as it is stored.
func (f *floor) stored(key presence.Key) store.Stored {
	f.t.Helper()
	stored, err := f.storage.Store.Agent(f.t.Context(), key)
	if err != nil {
		f.t.Fatal(err)
	}
	return stored
}

// log is all that the tenant's log holds.
func (f *floor) log() []store.Record {
	f.t.Helper()
	records, err := f.storage.Store.Records(f.t.Context(), demo, 0, 1<<30)
	if err != nil {
		f.t.Fatal(err)
	}
	return records
}

// kinds are the kinds of an agent's events after a version.
func (f *floor) kinds(key presence.Key, after uint64) (kinds []presence.Kind) {
	f.t.Helper()
	for _, record := range f.log() {
		if record.Key == key && record.Event.Version > after {
			kinds = append(kinds, record.Event.Change.Kind())
		}
	}
	return kinds
}

// looks is what the floor shows of an agent.
func looks(a presence.Agent) string {
	if a.Session == nil {
		return "offline"
	}
	text := fmt.Sprintf("%s %s %s", a.State(), a.Session.Direction, a.Session.Connection)
	if name := a.Reason().Name; name != "" {
		text += " (" + name + ")"
	}
	if a.Offerable() {
		text += " offerable"
	}
	return text
}

// expect compares what the floor shows of an agent, in the engine and stored.
func (f *floor) expect(key presence.Key, want string) {
	f.t.Helper()
	if got := looks(f.agent(key)); got != want {
		f.t.Fatalf("at %s the agent is %q, want %q", f.engine.Now(), got, want)
	}
	if got := looks(f.stored(key).Agent); got != want {
		f.t.Fatalf("at %s the agent is stored as %q, want %q", f.engine.Now(), got, want)
	}
}

func start(key presence.Key) presence.StartSession {
	return presence.StartSession{By: self(key), Random: [8]byte{1}}
}

func ready(key presence.Key) presence.GoReady {
	return presence.GoReady{By: self(key), HasExtension: true}
}

func notReady(key presence.Key, reason presence.Reason) presence.GoNotReady {
	return presence.GoNotReady{By: self(key), Reason: reason}
}

func direction(key presence.Key, d presence.Direction) presence.SetDirection {
	return presence.SetDirection{By: self(key), Direction: d}
}

func work(id presence.InteractionID) presence.ReportWork {
	return presence.ReportWork{By: presence.System(), Work: presence.Work{
		Interaction: id, Channel: "voice", Direction: presence.Inbound, State: presence.WorkActive,
	}}
}

func endWork(id presence.InteractionID) presence.EndWork {
	return presence.EndWork{By: presence.System(), Interaction: id}
}

// pass lets time pass, and whatever is due then happen.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// tap is the store with a look at, and a hand on, what passes.
type tap struct {
	*memory.Store
	commits atomic.Int64
	reads   atomic.Int64 // of agents, heads and records

	mu           sync.Mutex // guards the fields below
	beforeCommit func([]store.Change) error
	afterCommit  func() error
	failReads    error
	notes        [][]store.Heard
	failNotes    error
}

func (s *tap) Commit(ctx context.Context, changes []store.Change) error {
	s.commits.Add(1)
	s.mu.Lock()
	before, after := s.beforeCommit, s.afterCommit
	s.mu.Unlock()
	if before != nil {
		if err := before(changes); err != nil {
			return err
		}
	}
	if err := s.Store.Commit(ctx, changes); err != nil {
		return err
	}
	if after != nil {
		return after()
	}
	return nil
}

// onCommit lets f look at every commit before it is made; its error is the
// commit's.
func (s *tap) onCommit(f func([]store.Change) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.beforeCommit = f
}

// onCommitted lets f have the last word on every commit that was made.
func (s *tap) onCommitted(f func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.afterCommit = f
}

// hold makes commits wait until release is called; they then end with the error
// given to it.
func (s *tap) hold() (release func(error)) {
	gate := make(chan struct{})
	var outcome error
	s.onCommit(func([]store.Change) error { <-gate; return outcome })
	return func(err error) {
		s.onCommit(nil)
		outcome = err
		close(gate)
	}
}

func (s *tap) breakReads(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failReads = err
}

func (s *tap) read() error {
	s.reads.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failReads
}

// Live answers in the order of the agents' numbers.
func (s *tap) Live(ctx context.Context) ([]store.Stored, error) {
	live, err := s.Store.Live(ctx)
	slices.SortFunc(live, func(a, b store.Stored) int { return bytes.Compare(a.Key.Agent.UUID[:], b.Key.Agent.UUID[:]) })
	return live, err
}

func (s *tap) Agent(ctx context.Context, key presence.Key) (store.Stored, error) {
	if err := s.read(); err != nil {
		return store.Stored{}, err
	}
	return s.Store.Agent(ctx, key)
}

func (s *tap) Head(ctx context.Context, tenant presence.TenantID) (store.Position, error) {
	if err := s.read(); err != nil {
		return store.Position{}, err
	}
	return s.Store.Head(ctx, tenant)
}

func (s *tap) Record(ctx context.Context, tenant presence.TenantID, seq store.Seq) (store.Record, error) {
	if err := s.read(); err != nil {
		return store.Record{}, err
	}
	return s.Store.Record(ctx, tenant, seq)
}

func (s *tap) NoteHeard(ctx context.Context, notes []store.Heard) error {
	s.mu.Lock()
	err := s.failNotes
	s.notes = append(s.notes, append([]store.Heard(nil), notes...))
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return s.Store.NoteHeard(ctx, notes)
}

func (s *tap) breakNotes(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failNotes = err
}

// takeNotes returns the batches of notes since the last time it was asked.
func (s *tap) takeNotes() [][]store.Heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	notes := s.notes
	s.notes = nil
	return notes
}

// announcements is the bus with a memory. It remembers as early those that were
// made before what they announce was stored.
type announcements struct {
	local.Bus
	storage *tap
	mu      sync.Mutex // guards the fields below
	made    []bus.Announcement
	early   []bus.Announcement
}

func (b *announcements) Announce(a bus.Announcement) {
	head, _ := b.storage.Store.Head(context.Background(), a.Tenant)
	b.mu.Lock()
	b.made = append(b.made, a)
	if head.Seq < a.Seq {
		b.early = append(b.early, a)
	}
	b.mu.Unlock()
	b.Bus.Announce(a)
}

// newest is the number announced last, 0 before the first.
func (b *announcements) newest() store.Seq {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.made) == 0 {
		return 0
	}
	return b.made[len(b.made)-1].Seq
}

func (b *announcements) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.made)
}

// wall is a wall clock that can be put forward and back.
type wall struct{ offset atomic.Int64 }

func (w *wall) now() time.Time       { return time.Now().Add(time.Duration(w.offset.Load())) }
func (w *wall) jump(d time.Duration) { w.offset.Add(int64(d)) }
