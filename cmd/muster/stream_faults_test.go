package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
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
	const busy = 4
	floor := newBenchFloor(t, busy+2, "lostAfter: 5s") // longer than it takes to come back at once
	server := startServer(t, floor.folder)
	address := server.address
	floor.logIn(t, address)
	twins := newTwins(t, floor, address, floor.agents[busy], floor.agents[busy+1])

	var calm, over atomic.Bool
	var driving, following sync.WaitGroup
	for _, agent := range floor.agents[:busy] {
		driving.Go(func() { turnAround(floor, address, agent, &calm) })
	}
	var followers []*follower
	follow := func(view streamtest.View, life life, dial func(cursor string) (line, error)) {
		f := &follower{client: streamtest.NewClient(view), life: life, dial: dial}
		followers = append(followers, f)
		following.Go(func() { f.run(&calm, &over) })
	}
	for _, agent := range floor.agents {
		life := wild
		switch agent {
		case twins.troubled:
			life = troubled
		case twins.quiet:
			life = quiet
		}
		view := streamtest.View{Agent: agentID(t, agent.id)}
		follow(view, life, func(cursor string) (line, error) {
			return dialSocket(address, floor.path(), floor.hello(agent, cursor))
		})
		follow(view, wild, func(cursor string) (line, error) {
			return dialEvents("http://"+address+floor.path()+"?view=self", agent.token, cursor)
		})
	}
	for _, group := range []string{"", "", "Sales", "Service"} {
		view := streamtest.View{Floor: true, Group: group}
		follow(view, wild, func(cursor string) (line, error) {
			return dialSocket(address, floor.path(), fmt.Sprintf(`{"type":"hello","token":"%s","view":"floor","group":"%s","cursor":"%s"}`, floor.supervisor.token, group, cursor))
		})
		follow(view, wild, func(cursor string) (line, error) {
			return dialEvents("http://"+address+floor.path()+"?view=floor&group="+group, floor.supervisor.token, cursor)
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
	for _, agent := range floor.agents[:busy] {
		expectUnbroken(t, floor, address, agent)
	}
	twins.compare(t, floor, address)
	over.Store(true)
	for _, f := range followers {
		f.leave()
	}
	following.Wait()
	server.signal(syscall.SIGTERM)
	_ = server.command.Wait()

	log := readLog(t, floor)
	twins.compareLogs(t, log.changes)
	stalls, cuts := 0, 0
	for _, f := range followers {
		f.judge(t, log)
		stalls, cuts = stalls+f.stalls, cuts+f.cuts
	}
	t.Logf("%d cuts, %d stalls", cuts, stalls)
	if stalls < 5 || cuts < 50 {
		t.Error("too little happened to prove anything")
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

// expectUnbroken: an agent's intervals tell of nothing that happened to its
// connection, and follow on each other.
func expectUnbroken(t *testing.T, floor *benchFloor, address string, agent *benchAgent) {
	t.Helper()
	intervals := intervalsOf(t, floor, address, agent)
	if len(intervals) < 20 {
		t.Errorf("agent %s has only %d intervals", agent.id, len(intervals))
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

// intervalsOf is an agent's history.
func intervalsOf(t *testing.T, floor *benchFloor, address string, agent *benchAgent) []api.Interval {
	t.Helper()
	path := fmt.Sprintf("/users/%s/intervals?from=%s&to=%s", agent.id,
		time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	return askBench[api.Intervals](t, floor, address, agent, http.MethodGet, path, "").Intervals
}

// askBench sends a request about the tenant and reads the result.
func askBench[T any](t *testing.T, floor *benchFloor, address string, who *benchAgent, method, path, body string) T {
	t.Helper()
	request, err := http.NewRequest(method, "http://"+address+"/v1/tenants/"+floor.tenant+path, strings.NewReader(body))
	must(t, err)
	request.Header.Set("Authorization", "Token "+who.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := floor.http.Do(request)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s", method, path, answer.Status, text)
	}
	var result api.Result[T]
	must(t, json.Unmarshal(text, &result))
	return result.Result
}

// committed is what a database says after all.
type committed struct {
	tenant  presence.TenantID
	changes []store.Change
	rows    []store.FloorRow
	epoch   string // of the log
	floor   string // and of the floor
}

// truth is what the streams of a view are to show.
func (c committed) truth(view streamtest.View) streamtest.Truth {
	part := func(epoch, part string) string {
		return fmt.Sprintf("%s.%08x", epoch, crc32.ChecksumIEEE([]byte(part)))
	}
	return streamtest.Truth{
		Tenant: c.tenant, Changes: c.changes, Epoch: part(c.epoch, view.Agent.String()),
		Floors: map[string][]store.FloorRow{part(c.floor, view.Group): c.rows},
	}
}

// readLog reads what was committed.
func readLog(t *testing.T, floor *benchFloor) committed {
	t.Helper()
	db, err := sqlite.Open(context.Background(), floor.folder+"/muster.db", sqlite.Options{})
	must(t, err)
	defer func() { must(t, db.Close()) }()
	c := committed{tenant: presence.TenantID(agentID(t, floor.tenant))}
	records, err := db.Records(context.Background(), c.tenant, 0, 1<<30)
	must(t, err)
	c.rows, _, err = db.FloorRows(context.Background(), c.tenant, store.FloorQuery{Limit: 1000})
	must(t, err)
	head, err := db.Head(context.Background(), c.tenant)
	must(t, err)
	revision, err := db.Revision(context.Background())
	must(t, err)
	c.epoch, c.floor = head.Epoch.String(), fmt.Sprintf("%s.%d", head.Epoch, revision)
	for _, r := range records {
		if n := len(c.changes); n > 0 && goesOn(c.changes[n-1], r) {
			c.changes[n-1].Records = append(c.changes[n-1].Records, r)
			continue
		}
		c.changes = append(c.changes, store.Change{Key: r.Key, Records: []store.Record{r}})
	}
	return c
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
