package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/sqlite"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// Real sockets to a real server on a real database: clients are cut, stall, come
// back with any cursor, and the server is killed and stopped under them. What each
// saw is then held against the log.
func TestStream_KeepsItsPromisesOverCutsStallsAndKills(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	const agents = 4
	floor := newBenchFloor(t, agents)
	server := startServer(t, floor.folder)
	address := server.address
	floor.logIn(t, address)

	var calm, over atomic.Bool
	var driving, following sync.WaitGroup
	for _, agent := range floor.agents {
		driving.Go(func() { turnAround(floor, address, agent, &calm) })
	}
	var followers []*follower
	follow := func(view streamtest.View, hello func(cursor string) string) {
		f := &follower{client: streamtest.NewClient(view), address: address, path: floor.path(), hello: hello}
		followers = append(followers, f)
		following.Go(func() { f.run(&calm, &over) })
	}
	for _, agent := range floor.agents {
		follow(streamtest.View{Agent: agentID(t, agent.id)}, func(cursor string) string { return floor.hello(agent, cursor) })
	}
	for _, group := range []string{"", "", "Sales", "Service"} {
		follow(streamtest.View{Floor: true, Group: group}, func(cursor string) string {
			return fmt.Sprintf(`{"type":"hello","token":"%s","view":"floor","group":"%s","cursor":"%s"}`, floor.supervisor.token, group, cursor)
		})
	}

	time.Sleep(6 * time.Second)
	server.end() // killed
	server = startServerAt(t, floor.folder, address)
	time.Sleep(6 * time.Second)
	server.signal(syscall.SIGTERM)
	_ = server.command.Wait()
	server = startServerAt(t, floor.folder, address)
	time.Sleep(6 * time.Second)
	calm.Store(true)
	driving.Wait()
	time.Sleep(7 * time.Second) // longer than any stall
	for _, agent := range floor.agents {
		expectUnbroken(t, floor, address, agent)
	}
	over.Store(true)
	for _, f := range followers {
		f.leave()
	}
	following.Wait()
	server.signal(syscall.SIGTERM)
	_ = server.command.Wait()

	truth := readTruth(t, floor)
	for _, f := range followers {
		seen := f.client.Seen()
		t.Logf("%+v: %d connections", seen.View, len(seen.Connections))
		truth.Epoch = f.client.Cursor().Epoch
		truth.Floors = map[string][]store.FloorRow{f.client.Cursor().Epoch: truth.Floors[""], "": truth.Floors[""]}
		if f.failed != nil {
			t.Errorf("%+v: %v", seen.View, f.failed)
		}
		if err := streamtest.Check(truth, seen); err != nil {
			t.Errorf("%+v: %v", seen.View, err)
		}
		if err := errors.Join(streamtest.Converged(truth, f.client), streamtest.CaughtUp(truth, f.client)); err != nil {
			t.Errorf("%+v: %v", seen.View, err)
		}
	}
}

// turnAround changes an agent's direction again and again.
func turnAround(floor *benchFloor, address string, agent *benchAgent, calm *atomic.Bool) {
	for n := 0; !calm.Load(); n++ {
		direction := []string{"outbound", "inbound"}[n%2]
		_, _ = floor.post(address, agent, "/direction", `{"direction":"`+direction+`"}`, "") // the server may be away
		time.Sleep(time.Duration(rand.IntN(20)) * time.Millisecond)
	}
}

// follower follows a view through whatever happens.
type follower struct {
	client        *streamtest.Client
	address, path string
	hello         func(cursor string) string
	failed        error
	been          []streamtest.Cursor // where the client was when it connected

	mu     sync.Mutex // guards socket
	socket *benchSocket
}

// run connects again and again until it is over.
func (f *follower) run(calm, over *atomic.Bool) {
	for !over.Load() {
		cursor := f.choose(calm.Load())
		s, err := dialBench(f.address, f.path, "127.0.0.1")
		if err != nil {
			time.Sleep(50 * time.Millisecond) // the server is away
			continue
		}
		f.use(s)
		if s.write([]byte(f.hello(cursor))) == nil {
			f.read(s, calm)
		}
		s.cut()
	}
}

// choose is the cursor for the hello: the client's own, and sometimes any other.
func (f *follower) choose(calm bool) string {
	own := f.client.Cursor()
	other := own
	if !own.IsZero() {
		f.been = append(f.been, own)
	}
	switch n := rand.IntN(10); {
	case calm || own.IsZero() || n > 3:
		return f.client.Connect().String()
	case n == 0:
		other = f.been[rand.IntN(len(f.been))]
	case n == 1:
		other.Seq += 1 << 30
	case n == 2:
		other.Epoch = "00000000-0000-4000-8000-000000000000"
	default:
		other = streamtest.Cursor{}
	}
	f.client.ConnectFrom(other)
	return other.String()
}

// read takes frames until the connection ends, by itself or by a whim.
func (f *follower) read(s *benchSocket, calm *atomic.Bool) {
	whim := time.Now().Add(time.Duration(rand.IntN(1500)) * time.Millisecond)
	for {
		text, err := s.next()
		if err != nil {
			return
		}
		verdict, err := f.client.Receive(text)
		if err != nil {
			f.failed = err
		}
		if verdict == streamtest.Answer && s.write(f.client.Answer()) != nil || verdict > streamtest.Answer {
			return
		}
		if calm.Load() || time.Now().Before(whim) {
			continue
		}
		if rand.IntN(6) > 0 {
			return // cut
		}
		time.Sleep(5 * time.Second) // stall
		whim = time.Now().Add(time.Second)
	}
}

func (f *follower) use(s *benchSocket) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.socket = s
}

func (f *follower) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.socket != nil {
		f.socket.cut()
	}
}

// expectUnbroken: an agent's intervals tell of nothing that happened to its
// connection, and follow on each other.
func expectUnbroken(t *testing.T, floor *benchFloor, address string, agent *benchAgent) {
	t.Helper()
	path := fmt.Sprintf("http://%s/v1/tenants/%s/users/%s/intervals?from=%s&to=%s", address, floor.tenant, agent.id,
		time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	request, err := http.NewRequest(http.MethodGet, path, nil)
	must(t, err)
	request.Header.Set("Authorization", "Token "+agent.token)
	answer, err := floor.http.Do(request)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	var result api.Result[api.Intervals]
	must(t, json.Unmarshal(text, &result))
	intervals := result.Result.Intervals
	if len(intervals) < 20 {
		t.Errorf("agent %s has %d intervals: %.300s", agent.id, len(intervals), text)
	}
	for i, interval := range intervals {
		if interval.State != "notready" || interval.Reason == nil || *interval.Reason != "Logged in" {
			t.Errorf("agent %s has the interval %+v", agent.id, interval)
		}
		if i > 0 && (intervals[i-1].To == nil || *intervals[i-1].To != interval.From) {
			t.Errorf("agent %s: %+v does not follow on %+v", agent.id, interval, intervals[i-1])
		}
	}
}

// readTruth reads what was committed.
func readTruth(t *testing.T, floor *benchFloor) streamtest.Truth {
	t.Helper()
	db, err := sqlite.Open(context.Background(), floor.folder+"/muster.db", sqlite.Options{})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	tenant := presence.TenantID(agentID(t, floor.tenant))
	records, err := db.Records(context.Background(), tenant, 0, 1<<30)
	must(t, err)
	rows, _, err := db.FloorRows(context.Background(), tenant, store.FloorQuery{Limit: 1000})
	must(t, err)
	truth := streamtest.Truth{Tenant: tenant, Floors: map[string][]store.FloorRow{"": rows}}
	for _, r := range records {
		if n := len(truth.Changes); n > 0 && goesOn(truth.Changes[n-1], r) {
			truth.Changes[n-1].Records = append(truth.Changes[n-1].Records, r)
			continue
		}
		truth.Changes = append(truth.Changes, store.Change{Key: r.Key, Records: []store.Record{r}})
	}
	return truth
}

// goesOn reports whether a record belongs to the change before: that a client was
// heard again comes with what it asked for.
func goesOn(change store.Change, r store.Record) bool {
	last := change.Records[len(change.Records)-1]
	_, heard := last.Event.Change.(presence.ConnectionChanged)
	_, released := last.Event.Change.(presence.Released)
	_, asked := r.Event.Change.(presence.DirectionSet)
	return change.Key == r.Key && last.Event.At == r.Event.At && (heard || released) && asked
}

func agentID(t *testing.T, text string) presence.AgentID {
	t.Helper()
	id, err := presence.ParseUUID(text)
	must(t, err)
	return presence.AgentID{UUID: id}
}
