package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	latencyAgents   = 5000
	latencyWatchers = 10
	latencyCallers  = 64
	latencyRate     = 1000 // changes a second
	latencyTurns    = 5
	latencyTime     = 3 * time.Second
)

// BenchmarkStream_Latency is the time from sending a request that changes an
// agent to the frame with the changed row, as each of ten watchers of a floor of
// 5,000 agents reads it, at a thousand changes a second. Everything is in it: the
// request, the commit to the disk, reading the log, both ways over loopback; the
// time until the request's own answer is printed beside it. The agents send
// nothing but these requests, or are connected and answer beats as well.
//
// The bare server hands a message of the same size from one client to ten others;
// the second one has it on the disk before, where what came meanwhile shares a
// write. All three take turns; figures are medians over the turns, and the worst
// turn is told too, since how a disk does changes from second to second.
func BenchmarkStream_Latency(b *testing.B) {
	for _, connected := range []bool{false, true} {
		name := "agents=by_request"
		if connected {
			name = "agents=connected"
		}
		b.Run(name, func(b *testing.B) {
			floor := newBenchFloor(b, benchAgents(b, latencyAgents), "heartbeatDelay: 60s", "notReadyAfter: 4m")
			for b.Loop() {
				latencyRun(b, floor, connected)
			}
		})
	}
}

func latencyRun(b *testing.B, floor *benchFloor, connected bool) {
	server := startServer(b, floor.folder)
	defer server.end()
	floor.logIn(b, server.address)
	if connected {
		agents := gather(b, server.address, floor.path(), len(floor.agents), 256, func(i int) string { return floor.hello(floor.agents[i], "") })
		defer agents.cut()
	}
	asked := newBegun(floor)
	hello := fmt.Sprintf(`{"type":"hello","token":"%s","view":"floor"}`, floor.supervisor.token)
	ours := watch(b, server.address, floor.path(), hello, asked)
	defer ours.cut()
	callers := dialCallers(b, server.address)
	defer callers.end()
	bare := startBareLatency(b, bareOptions{Library: "gobwas"}, asked)
	defer bare.end()
	kept := startBareLatency(b, bareOptions{Library: "gobwas", Keep: b.TempDir()}, asked)
	defer kept.end()

	var shown, answers, bares, keeps turns
	for turn := range latencyTurns {
		seen, answered := floorLatency(b, floor, ours, callers, turn)
		shown, answers = shown.with(seen), answers.with(answered)
		bares = bares.with(bareLatency(b, floor, bare, ours.size()))
		keeps = keeps.with(bareLatency(b, floor, kept, ours.size()))
	}
	if n := server.decays(b, "connection_changed"); n > 0 {
		b.Logf("%v agents were taken for gone meanwhile; their rows are among what was measured", n)
	}
	b.ReportMetric(0, "ns/op")
	shown.report(b, "")
	answers.report(b, "answer_")
	bares.report(b, "bare_")
	keeps.report(b, "bare_durable_")
	b.ReportMetric(shown.p50.over(keeps.p50).median(), "p50_x_bare_durable")
	b.ReportMetric(shown.p99.over(keeps.p99).median(), "p99_x_bare_durable")
}

// turns are percentiles in milliseconds, turn by turn.
type turns struct{ p50, p99 rate }

func (t turns) with(d *delays) turns {
	return turns{p50: t.p50.with(d.at(50)), p99: t.p99.with(d.at(99))}
}

func (t turns) report(b *testing.B, prefix string) {
	b.ReportMetric(t.p50.median(), prefix+"p50_ms")
	b.ReportMetric(t.p99.median(), prefix+"p99_ms")
	b.ReportMetric(t.p99.worst(), prefix+"worst_p99_ms")
}

// floorLatency lets agents change their direction for a turn, and returns how
// long each change took to be shown to each watcher, and to be answered.
func floorLatency(b *testing.B, floor *benchFloor, w *watchers, callers callers, turn int) (shown, answered *delays) {
	answered = new(delays)
	w.begin(new(delays))
	paced(b, len(callers), func(caller, n int, due time.Time) error {
		n += turn * latencyRate * int(latencyTime.Seconds())
		agent := floor.agents[n%len(floor.agents)]
		direction := []string{"outbound", "inbound"}[n/len(floor.agents)%2]
		w.asked.at(agent.id, due)
		err := callers[caller].changeDirection(floor, agent, direction)
		answered.add(time.Since(due))
		return err
	})
	time.Sleep(300 * time.Millisecond)
	return w.all(b), answered
}

// paced calls do at an even rate for a turn. Who calls late, because the call
// before has not returned, is told when it was due, so that a stall counts for
// all whom it keeps waiting.
func paced(b *testing.B, callers int, do func(caller, n int, due time.Time) error) {
	b.Helper()
	var group errgroup.Group
	began := time.Now()
	for caller := range callers {
		group.Go(func() error {
			for n := caller; n < latencyRate*int(latencyTime.Seconds()); n += callers {
				due := began.Add(time.Duration(n) * time.Second / latencyRate)
				if wait := time.Until(due); wait > 0 {
					time.Sleep(wait)
					due = time.Now()
				}
				if err := do(caller, n, due); err != nil {
					return err
				}
			}
			return nil
		})
	}
	must(b, group.Wait())
}

// callers are connections for requests.
type callers []*caller

type caller struct {
	conn net.Conn
	in   *bufio.Reader
}

func dialCallers(b *testing.B, address string) callers {
	b.Helper()
	all := make(callers, latencyCallers)
	for i := range all {
		conn, err := net.Dial("tcp", address)
		must(b, err)
		all[i] = &caller{conn: conn, in: bufio.NewReader(conn)}
	}
	return all
}

func (c callers) end() {
	for _, caller := range c {
		_ = caller.conn.Close()
	}
}

func (c *caller) changeDirection(floor *benchFloor, agent *benchAgent, direction string) error {
	body := `{"direction":"` + direction + `"}`
	request := fmt.Appendf(nil, "POST /v1/tenants/%s/presence/%s/direction HTTP/1.1\r\nHost: muster\r\nAuthorization: Token %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		floor.tenant, agent.id, agent.token, len(body), body)
	return roundTrip(c.conn, c.in, request)
}

// bareFloor is a bare server with watchers and one who posts.
type bareFloor struct {
	*watchers
	server *benchProcess
	poster *benchSocket
}

func startBareLatency(b *testing.B, o bareOptions, asked *begun) *bareFloor {
	b.Helper()
	server := startBare(b, o)
	poster, err := dialBench(server.address, "/post", "127.0.0.2")
	must(b, err)
	must(b, poster.greet("hello"))
	return &bareFloor{watchers: watch(b, server.address, "/watch", "hello", asked), server: server, poster: poster}
}

func (f *bareFloor) end() {
	f.poster.cut()
	f.cut()
	f.server.end()
}

// bareLatency is a turn of a bare server: messages of a size that begin with what
// watchers look for.
func bareLatency(b *testing.B, floor *benchFloor, f *bareFloor, size int) *delays {
	filler := bytes.Repeat([]byte("x"), max(0, size-len(rowMark)-idLength))
	f.begin(new(delays))
	paced(b, 1, func(_, n int, due time.Time) error {
		id := floor.agents[n%len(floor.agents)].id
		f.asked.at(id, due)
		return f.poster.write(fmt.Appendf(nil, "%s%s%s", rowMark, id, filler))
	})
	time.Sleep(300 * time.Millisecond)
	return f.all(b)
}
