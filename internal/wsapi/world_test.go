package wsapi

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
)

//go:embed testdata/floor.yaml
var floorFile []byte

const (
	north = "00000000-0000-4000-8000-000000000001"
	south = "00000000-0000-4000-8000-000000000002"
	dusk  = "00000000-0000-4000-8000-000000000004"
	no    = "00000000-0000-4000-8000-0000000000ff"

	agent      = "00000000-0000-4000-8000-0000000000a1"
	colleague  = "00000000-0000-4000-8000-0000000000a2"
	supervisor = "00000000-0000-4000-8000-0000000000a3"
	former     = "00000000-0000-4000-8000-0000000000a4"
	stranger   = "00000000-0000-4000-8000-0000000000a9"
)

// world is the edge with everything behind it, on the model of a store, and an
// HTTP server whose connections are in memory.
type world struct {
	t        testing.TB
	store    *memory.Store
	tokens   *auth.Tokens
	engine   *engine.Engine
	streams  *stream.Streams
	server   *Server
	listener *memoryListener
	seen     *observed
	stop     func() // the edge alone
	end      func()
}

// inWorld plays a test in virtual time.
func inWorld(t *testing.T, play func(w *world), change ...func(*Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, change...)
		defer w.end()
		play(w)
	})
}

func newWorld(t testing.TB, change ...func(*Options)) *world {
	t.Helper()
	w := &world{t: t, store: memory.New(), listener: newMemoryListener(), seen: newObserved()}
	w.provision(string(floorFile))
	var err error
	if w.tokens, err = auth.OpenTokens(context.Background(), w.store, w.store, time.Now); err != nil {
		t.Fatal(err)
	}
	wakeUps := new(local.Bus)
	w.engine = engine.New(engine.Options{Storage: w.store, Directory: w.store, Bus: wakeUps})
	w.streams = stream.New(stream.Options{Storage: w.store, Directory: w.store, Bus: wakeUps})
	options := Options{Engine: w.engine, Streams: w.streams, Directory: w.store, Tokens: w.tokens, Observer: w.seen}
	for _, c := range change {
		c(&options)
	}
	w.server = New(options)
	w.begin()
	return w
}

// begin lets everything run until end is called.
func (w *world) begin() {
	w.t.Helper()
	rooms, stopRooms := context.WithCancel(context.Background())
	edge, stopEdge := context.WithCancel(context.Background())
	if err := w.engine.Start(rooms); err != nil {
		w.t.Fatal(err)
	}
	ran, edgeRan := make(chan error, 2), make(chan error, 1)
	go func() { ran <- w.engine.Run(rooms) }()
	go func() { ran <- w.streams.Run(rooms) }()
	go func() { edgeRan <- w.server.Run(edge) }()
	h := &http.Server{Handler: w.server, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- h.Serve(w.listener) }()
	stopped := make(chan struct{})
	go func() {
		if err := <-edgeRan; err != nil {
			w.t.Error(err)
		}
		close(stopped)
	}()
	w.stop = func() {
		stopEdge()
		<-stopped
	}
	w.end = func() {
		w.stop()
		_ = h.Close()
		<-served
		stopRooms()
		if err := errors.Join(<-ran, <-ran); err != nil {
			w.t.Error(err)
		}
		if n := w.server.connections(); n != 0 {
			w.t.Errorf("%d connections are left", n)
		}
	}
	synctest.Wait()
}

// provision applies a file to the directory.
func (w *world) provision(yaml string) {
	w.t.Helper()
	files := []provision.File{{Name: "floor.yaml", Content: []byte(yaml)}}
	if _, err := provision.Apply(context.Background(), w.store, auth.NewPasswords(), files, provision.Options{}); err != nil {
		w.t.Fatal(err)
	}
}

func id(text string) presence.UUID {
	parsed, err := presence.ParseUUID(text)
	if err != nil {
		panic(err)
	}
	return parsed
}

func keyOf(person string) presence.Key {
	return presence.Key{Tenant: presence.TenantID{UUID: id(north)}, Agent: presence.AgentID{UUID: id(person)}}
}

// token is a new token of the person, with the default life if ttl is 0.
func (w *world) token(person string, ttl time.Duration) string {
	w.t.Helper()
	user, err := w.store.User(context.Background(), presence.AgentID{UUID: id(person)})
	if err != nil {
		w.t.Fatal(err)
	}
	token, _, err := w.tokens.Issue(user, ttl)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// do carries out a command of the person and lets everybody see it.
func (w *world) do(person string, command presence.Command) presence.Agent {
	w.t.Helper()
	answer, err := w.engine.Do(context.Background(), engine.Request{Key: keyOf(person), Command: command})
	if err != nil {
		w.t.Fatalf("%s: %v", command.Name(), err)
	}
	synctest.Wait()
	return answer.Agent
}

// login starts a session and returns its id.
func (w *world) login(person string) string {
	w.t.Helper()
	after := w.do(person, presence.StartSession{By: self(person), WorkLimit: 1, Random: engine.NewSessionRandom()})
	return after.Session.ID.String()
}

func self(person string) presence.Actor {
	return presence.Actor{Cause: presence.ByAgent, ID: keyOf(person).Agent, Name: "A"}
}

// turn changes the person's direction, back and forth, which others see.
func (w *world) turn(person string) {
	w.t.Helper()
	direction := presence.Outbound
	if now := w.agent(person); now.Session != nil && now.Session.Direction == presence.Outbound {
		direction = presence.Inbound
	}
	w.do(person, presence.SetDirection{By: self(person), Direction: direction})
}

func (w *world) agent(person string) presence.Agent {
	w.t.Helper()
	agent, err := w.engine.Agent(context.Background(), keyOf(person))
	if err != nil {
		w.t.Fatal(err)
	}
	return agent
}

// change alters the settings of North.
func (w *world) change(alter func(*directory.Settings)) {
	w.t.Helper()
	tenant, err := w.store.Tenant(context.Background(), keyOf(agent).Tenant)
	if err != nil {
		w.t.Fatal(err)
	}
	after := *tenant
	alter(&after.Settings)
	w.apply(directory.Change{Action: directory.Update, Kind: directory.KindTenant, Document: &after})
}

func (w *world) apply(changes ...directory.Change) {
	w.t.Helper()
	revision, err := w.store.Revision(context.Background())
	if err == nil {
		err = w.store.Apply(context.Background(), revision, changes, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// observed counts what the observer was told.
type observed struct {
	mu      sync.Mutex // guards the fields below
	open    map[string]int
	closed  map[string]int
	refused map[string]int
}

func newObserved() *observed {
	return &observed{open: make(map[string]int), closed: make(map[string]int), refused: make(map[string]int)}
}

func (o *observed) Opened(transport, view string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open[transport+" "+view]++
}

func (o *observed) Closed(transport, view string, code int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.open[transport+" "+view]--
	o.closed[fmt.Sprint(transport, " ", view, " ", code)]++
}

func (o *observed) Refused(reason string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.refused[reason]++
}

// all returns copies: what is open, what was closed, what was refused.
func (o *observed) all() (open, closed, refused map[string]int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return maps.Clone(o.open), maps.Clone(o.closed), maps.Clone(o.refused)
}
