package stream_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
)

var (
	tenant = presence.TenantID{UUID: presence.UUID{0: 0xde, 6: 0x40, 8: 0x80}}
	region = &directory.Region{ID: directory.RegionID{UUID: presence.UUID{15: 1}}, Key: "local", Name: "Local"}
	role   = &directory.Role{
		ID: directory.RoleID{UUID: presence.UUID{15: 1}}, Key: "agent", Name: "Agent",
		Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll, api.PermissionMonitorAllCalls}),
	}
	sales = &directory.Group{ID: directory.GroupID{UUID: presence.UUID{15: 1}}, Key: "sales", Name: "Sales"}
	sue   = presence.Actor{Cause: presence.BySupervisor, ID: presence.AgentID{UUID: presence.UUID{15: 9}}, Name: "Sue"}
)

// maxQueued is how many events may wait for a watcher.
const maxQueued = 500

// agent is the agent with that number; even ones belong to the group Sales.
func agent(n int) presence.Key {
	id := presence.UUID{0: 0xa9, 6: 0x40, 8: 0x80}
	binary.BigEndian.PutUint32(id[12:], uint32(n))
	return presence.Key{Tenant: tenant, Agent: presence.AgentID{UUID: id}}
}

func self(key presence.Key) presence.Actor {
	return presence.Actor{Cause: presence.ByAgent, ID: key.Agent, Name: "Ann"}
}

// world is a tenant whose streams are watched.
type world struct {
	t       testing.TB
	store   *memory.Store
	reads   *countedReads
	bus     *local.Bus
	engine  *engine.Engine
	streams *stream.Streams
	end     func()
}

// inWorld runs a test in virtual time, with so many agents.
func inWorld(t *testing.T, agents int, test func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, agents)
		defer func() { w.end() }()
		test(w)
	})
}

func newWorld(t testing.TB, agents int) *world {
	w := &world{t: t, store: memory.New()}
	changes := directory.Changes{
		{Action: directory.Create, Kind: directory.KindRegion, Document: region},
		{Action: directory.Create, Kind: directory.KindTenant, Document: &directory.Tenant{
			ID: tenant, Key: "demo", Name: "Demo", Active: true, Timezone: "Etc/UTC", Region: region.ID, Settings: directory.DefaultSettings(),
		}},
		{Action: directory.Create, Kind: directory.KindRole, Tenant: tenant, Document: role},
		{Action: directory.Create, Kind: directory.KindGroup, Tenant: tenant, Document: sales},
	}
	for n := range agents {
		changes = append(changes, newcomer(n)...)
	}
	w.apply(changes)
	w.begin()
	return w
}

// newcomer brings an agent into the directory.
func newcomer(n int) directory.Changes {
	key := agent(n)
	membership := &directory.Membership{Tenant: tenant, Agent: key.Agent, Active: true, Roles: []directory.RoleID{role.ID}}
	if n%2 == 0 {
		membership.Groups = []directory.GroupID{sales.ID}
	}
	return directory.Changes{
		{Action: directory.Create, Kind: directory.KindUser, Document: &directory.User{
			ID: key.Agent, Username: fmt.Sprintf("agent%d@demo.example", n), FirstName: "Agent", LastName: fmt.Sprint(n), Active: true,
		}},
		{Action: directory.Create, Kind: directory.KindMembership, Document: membership},
	}
}

func (w *world) apply(changes directory.Changes) {
	w.t.Helper()
	revision, err := w.store.Revision(context.Background())
	if err == nil {
		err = w.store.Apply(context.Background(), revision, changes, nil)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// begin starts a server on the store; end stops it.
func (w *world) begin() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w.bus = new(local.Bus)
	w.reads = &countedReads{Store: w.store}
	w.engine = engine.New(engine.Options{Storage: w.store, Directory: w.store, Bus: w.bus})
	w.streams = stream.New(stream.Options{Storage: w.reads, Directory: w.store, Bus: w.bus, QueueItems: maxQueued})
	if err := w.engine.Start(ctx); err != nil {
		w.t.Fatal(err)
	}
	ended := make(chan error, 2)
	go func() { ended <- w.engine.Run(ctx) }()
	go func() { ended <- w.streams.Run(ctx) }()
	w.end = func() {
		cancel()
		if err := errors.Join(<-ended, <-ended); err != nil {
			w.t.Error(err)
		}
	}
	synctest.Wait()
}

// do carries out a command and lets everybody see it.
func (w *world) do(key presence.Key, command presence.Command) presence.Agent {
	w.t.Helper()
	answer, err := w.engine.Do(context.Background(), engine.Request{Key: key, Command: command})
	if err != nil {
		w.t.Fatalf("%s: %v", command.Name(), err)
	}
	synctest.Wait()
	return answer.Agent
}

func (w *world) login(key presence.Key) {
	w.do(key, presence.StartSession{By: self(key), WorkLimit: 1})
}

func (w *world) ready(key presence.Key) {
	w.do(key, presence.GoReady{By: self(key), HasExtension: true})
}

// watcher is somebody who watches a view.
type watcher struct {
	t      testing.TB
	sub    *stream.Subscription
	wakes  int
	cursor stream.Cursor // after the last frame that moved it
}

// watch subscribes; the subscription ends with the test's world.
func (w *world) watch(view stream.View, after stream.Cursor) *watcher {
	w.t.Helper()
	watcher := &watcher{t: w.t}
	var err error
	watcher.sub, err = w.streams.Subscribe(context.Background(), tenant, view, after, func() { watcher.wakes++ })
	if err != nil {
		w.t.Fatal(err)
	}
	return watcher
}

// frame is a frame of the stream, whichever it is.
type frame struct {
	Type   string
	Cursor string
	Part   int
	Last   bool
	Rows   []json.RawMessage
	Events []struct {
		Seq, Prev store.Seq
		Message   json.RawMessage
	}
	N   uint64
	Seq *store.Seq
	Sum *uint32
}

// next is the next frame; its type is empty if there is none.
func (w *watcher) next() frame {
	w.t.Helper()
	text, cursor, err := w.sub.Next(context.Background(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	if !cursor.IsZero() {
		w.cursor = cursor
	}
	var f frame
	if len(text) == 0 {
		return f
	}
	if err := json.Unmarshal(text, &f); err != nil {
		w.t.Fatalf("frame %s: %v", text, err)
	}
	return f
}

// all is every frame that waits.
func (w *watcher) all() []frame {
	w.t.Helper()
	var frames []frame
	for f := w.next(); f.Type != ""; f = w.next() {
		frames = append(frames, f)
	}
	return frames
}

// types are the types of frames, in their order.
func types(frames []frame) []string {
	var types []string
	for _, f := range frames {
		types = append(types, f.Type)
	}
	return types
}

// countedReads counts what is read of the log.
type countedReads struct {
	*memory.Store
	ofAgent int
}

func (c *countedReads) RecordsOfAgent(ctx context.Context, key presence.Key, after store.Seq, limit int) ([]store.Record, error) {
	c.ofAgent++
	return c.Store.RecordsOfAgent(ctx, key, after, limit)
}

func (c *countedReads) LatestOfAgent(ctx context.Context, key presence.Key, limit int) ([]store.Record, error) {
	c.ofAgent++
	return c.Store.LatestOfAgent(ctx, key, limit)
}
