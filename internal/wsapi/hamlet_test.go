package wsapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// hamlet is North with more people, on servers that come and go; one store outlives
// them.
type hamlet struct {
	t    *testing.T
	kept *chronicle
	// floors are whose rows there were at each revision of the directory.
	floors map[int64][]store.FloorRow

	calm, over chan struct{} // closed when whims end, and when following does

	mu    sync.Mutex // guards the fields below
	up    *serving   // nil while there is no server
	seen  []*observed
	tally map[string]int // what has happened how often
}

// serving is a server, until it is stopped or killed.
type serving struct {
	*world
	store *mortal
	mu    sync.Mutex // guards conns
	conns []*memoryConn
}

// chronicle is a store that remembers what was committed.
type chronicle struct {
	*memory.Store
	mu      sync.Mutex // guards changes
	changes []store.Change
}

func (c *chronicle) Commit(ctx context.Context, changes []store.Change) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.Store.Commit(ctx, changes); err != nil {
		return err
	}
	c.changes = append(c.changes, changes...)
	return nil
}

// all is the log, change by change.
func (c *chronicle) all() []store.Change {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.SortedFunc(slices.Values(c.changes), func(a, b store.Change) int {
		return cmp.Compare(a.Records[0].Seq, b.Records[0].Seq)
	})
}

// mortal is the store as one server has it: what it does after its death never
// happens.
type mortal struct {
	*chronicle
	dead atomic.Bool
}

func (m *mortal) Commit(ctx context.Context, changes []store.Change) error {
	if m.dead.Load() {
		return store.ErrUnavailable
	}
	return m.chronicle.Commit(ctx, changes)
}

func (m *mortal) NoteHeard(ctx context.Context, notes []store.Heard) error {
	if m.dead.Load() {
		return store.ErrUnavailable
	}
	return m.chronicle.NoteHeard(ctx, notes)
}

// newHamlet has so many agents on top of the people of the file.
func newHamlet(t *testing.T, agents int) *hamlet {
	t.Helper()
	h := &hamlet{
		t: t, kept: &chronicle{Store: memory.New()}, floors: make(map[int64][]store.FloorRow), tally: make(map[string]int),
		calm: make(chan struct{}), over: make(chan struct{}),
	}
	w := &world{t: t, store: h.kept.Store}
	w.provision(string(floorFile))
	tenant, err := w.store.Tenant(t.Context(), keyOf(agent).Tenant)
	if err != nil {
		t.Fatal(err)
	}
	var changes []directory.Change
	for n := range agents {
		membership := &directory.Membership{Tenant: tenant.ID, Agent: nthUser(n), Active: true, Roles: []directory.RoleID{roleOf(tenant, "agent").ID}}
		if n%2 == 0 {
			membership.Groups = []directory.GroupID{tenant.Groups[0].ID}
		}
		changes = append(changes,
			directory.Change{Action: directory.Create, Kind: directory.KindUser, Document: &directory.User{ID: nthUser(n), Username: fmt.Sprint("hamlet", n), Active: true}},
			directory.Change{Action: directory.Create, Kind: directory.KindMembership, Tenant: tenant.ID, Document: membership})
	}
	w.apply(changes...)
	h.noteFloor()
	h.start()
	return h
}

// start starts a server on the store.
func (h *hamlet) start() {
	h.t.Helper()
	up := &serving{
		world: &world{t: h.t, store: h.kept.Store, listener: newMemoryListener(), seen: newObserved()},
		store: &mortal{chronicle: h.kept},
	}
	var err error
	if up.tokens, err = auth.OpenTokens(h.t.Context(), h.kept, h.kept, time.Now); err != nil {
		h.t.Fatal(err)
	}
	wakeUps := new(local.Bus)
	up.engine = engine.New(engine.Options{Storage: up.store, Directory: h.kept, Bus: wakeUps})
	up.streams = stream.New(stream.Options{Storage: up.store, Directory: h.kept, Bus: wakeUps})
	up.server = New(Options{Engine: up.engine, Streams: up.streams, Directory: h.kept, Tokens: up.tokens, Observer: up.seen})
	up.begin()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.up = up
	h.seen = append(h.seen, up.seen)
}

func (h *hamlet) running() *serving {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.up
}

// stop ends the server as an operator does, kill as a power cut.
func (h *hamlet) stop() { h.down(func(*serving) {}) }

func (h *hamlet) kill() {
	h.down(func(up *serving) {
		up.store.dead.Store(true)
		up.cut()
	})
}

func (h *hamlet) down(how func(*serving)) {
	h.mu.Lock()
	up := h.up
	h.up = nil
	h.mu.Unlock()
	how(up)
	up.end()
}

// cut breaks every connection to the server.
func (r *serving) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		_ = c.Close()
	}
}

// dialHome connects, with so many bytes on their way to the client.
func (r *serving) dialHome(limit int) (*memoryConn, error) {
	client, server := connect(home, limit)
	select {
	case r.listener.conns <- server:
	case <-r.listener.closed:
		return nil, net.ErrClosed
	case <-time.After(time.Second):
		return nil, errors.New("nobody takes the connection")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conns = append(slices.DeleteFunc(r.conns, func(c *memoryConn) bool { return c.closed.Load() }), client, server)
	return client, nil
}

// rename gives the agent another name, which rows show.
func (h *hamlet) rename(n int, name string) {
	h.t.Helper()
	(&world{t: h.t, store: h.kept.Store}).apply(directory.Change{
		Action: directory.Update, Kind: directory.KindUser,
		Document: &directory.User{ID: nthUser(n), Username: fmt.Sprint("hamlet", n), FirstName: name, Active: true},
	})
	h.noteFloor()
	h.running().streams.Reload()
}

func (h *hamlet) noteFloor() {
	h.t.Helper()
	revision, err := h.kept.Revision(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	rows, _, err := h.kept.FloorRows(h.t.Context(), keyOf(agent).Tenant, store.FloorQuery{Limit: 1000})
	if err != nil {
		h.t.Fatal(err)
	}
	h.floors[revision] = rows
}

// count notes that something has happened.
func (h *hamlet) count(what string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tally[what]++
}

// happened is how often it has; of closings, "socket floor 4001", on all servers.
func (h *hamlet) happened(what string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n = h.tally[what]
	for _, seen := range h.seen {
		_, closed, _ := seen.all()
		n += closed[what]
	}
	return n
}

// truth is what the streams of a view are to show, by what is in the store.
func (h *hamlet) truth(view streamtest.View) streamtest.Truth {
	h.t.Helper()
	head, err := h.kept.Head(h.t.Context(), keyOf(agent).Tenant)
	if err != nil {
		h.t.Fatal(err)
	}
	part := func(epoch, part string) string {
		return fmt.Sprintf("%s.%08x", epoch, crc32.ChecksumIEEE([]byte(part)))
	}
	truth := streamtest.Truth{
		Tenant: keyOf(agent).Tenant, Changes: h.kept.all(), Floors: make(map[string][]store.FloorRow),
		Epoch: part(head.Epoch.String(), view.Agent.String()),
	}
	for revision, rows := range h.floors {
		truth.Floors[part(fmt.Sprintf("%s.%d", head.Epoch, revision), view.Group)] = rows
	}
	return truth
}

// doubts is how often the server was not sure of one of the first so many agents.
func (h *hamlet) doubts(agents int) (n int) {
	for _, change := range h.kept.all() {
		for _, r := range change.Records {
			for a := range agents {
				if r.Key.Agent == nthUser(a) && r.After.Session != nil && r.After.Session.Connection != presence.Live {
					n++
				}
			}
		}
	}
	return n
}

// intervals are what history makes of the log for the first so many agents, without
// the sessions' random ids.
func (h *hamlet) intervals(agents int) []store.Interval {
	var all []store.Interval
	changes := h.kept.all()
	for n := range agents {
		var open *store.Interval
		for _, change := range changes {
			for _, r := range change.Records {
				if r.Key.Agent != nthUser(n) {
					continue
				}
				var closed []store.Interval
				closed, open = history.Fold(open, r)
				all = append(all, closed...)
			}
		}
		if open != nil {
			all = append(all, *open)
		}
	}
	for i := range all {
		all[i].Session = presence.SessionID{}
	}
	return all
}
