package main

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

const (
	latencyAgents   = 5000
	latencyWatchers = 10
	latencyRate     = 1000 // changes a second
	latencyTime     = 10 * time.Second
)

// BenchmarkStream_Latency is the time from sending a request that changes an
// agent to the frame with the changed row, as each of ten watchers of a floor of
// 5,000 agents reads it, at a thousand changes a second. Everything is in it: the
// request, the commit to the disk, reading the log, both ways over loopback; the
// time until the request's own answer is printed beside it. The bare server hands
// a message of the same size from one client to ten others.
func BenchmarkStream_Latency(b *testing.B) {
	floor := newBenchFloor(b, benchAgents(b, latencyAgents))
	for b.Loop() {
		ours := startServer(b, floor.folder)
		floor.logIn(b, ours.address)
		shown, answered, size := floorLatency(b, ours, floor)
		ours.end()
		bare := bareLatency(b, size)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(shown.at(50), "p50_ms")
		b.ReportMetric(shown.at(99), "p99_ms")
		b.ReportMetric(answered.at(50), "answer_p50_ms")
		b.ReportMetric(answered.at(99), "answer_p99_ms")
		b.ReportMetric(bare.at(50), "bare_p50_ms")
		b.ReportMetric(bare.at(99), "bare_p99_ms")
	}
}

// delays are how long things took.
type delays struct {
	mu  sync.Mutex // guards all
	all []time.Duration
}

func (d *delays) add(delay time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all = append(d.all, delay)
}

// at is a percentile in milliseconds.
func (d *delays) at(percent int) float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	slices.Sort(d.all)
	if len(d.all) == 0 {
		return 0
	}
	return float64(d.all[len(d.all)*percent/100].Microseconds()) / 1000
}

// begun remembers when the change of each agent was asked for.
type begun struct{ times sync.Map }

func (s *begun) now(id string) { s.times.Store(id, time.Now()) }

func (s *begun) since(id string) (time.Duration, bool) {
	at, ok := s.times.Load(id)
	if !ok {
		return 0, false
	}
	return time.Since(at.(time.Time)), true
}

// floorLatency also returns the size of a frame with one change.
func floorLatency(b *testing.B, p *benchProcess, floor *benchFloor) (shown, answered *delays, size int) {
	shown, answered = new(delays), new(delays)
	asked := new(begun)
	hello := fmt.Sprintf(`{"type":"hello","token":"%s","view":"floor"}`, floor.supervisor.token)
	var watchers []*benchSocket
	var serving sync.WaitGroup
	var sizes sync.Map
	ready := make(chan struct{}, latencyWatchers)
	for i := range latencyWatchers {
		s, err := dialBench(p.address, floor.path(), fmt.Sprintf("127.0.0.%d", 2+i))
		must(b, err)
		must(b, s.greet(hello))
		watchers = append(watchers, s)
		serving.Go(func() {
			_ = s.serve(func(payload []byte) {
				if bytes.HasPrefix(payload, []byte(`{"type":"snapshot"`)) {
					if bytes.Contains(payload[:200], []byte(`"last":true`)) {
						ready <- struct{}{}
					}
					return
				}
				sizes.Store(len(payload), true)
				for rest := payload; ; {
					_, after, ok := bytes.Cut(rest, []byte(`"resourceId":"`))
					if !ok {
						return
					}
					if delay, known := asked.since(string(after[:36])); known {
						shown.add(delay)
					}
					rest = after[36:]
				}
			})
		})
	}
	for range watchers {
		<-ready
	}
	paced(b, func(n int) {
		agent := floor.agents[n%len(floor.agents)]
		direction := []string{"outbound", "inbound"}[n/len(floor.agents)%2]
		asked.now(agent.id)
		began := time.Now()
		_, err := floor.post(p.address, agent, "/direction", `{"direction":"`+direction+`"}`, "")
		must(b, err)
		answered.add(time.Since(began))
	})
	time.Sleep(time.Second)
	for _, s := range watchers {
		s.cut()
	}
	serving.Wait()
	size = 1 << 20
	sizes.Range(func(key, _ any) bool { size = min(size, key.(int)); return true })
	if want := latencyRate * int(latencyTime.Seconds()) * latencyWatchers; len(shown.all) < want*99/100 {
		b.Errorf("only %d of %d changes were shown", len(shown.all), want)
	}
	return shown, answered, size
}

// paced calls do at an even rate, each in a goroutine of its own.
func paced(b *testing.B, do func(n int)) {
	b.Helper()
	var asking sync.WaitGroup
	began := time.Now()
	for n := range latencyRate * int(latencyTime.Seconds()) {
		time.Sleep(time.Until(began.Add(time.Duration(n) * time.Second / latencyRate)))
		asking.Go(func() { do(n) })
	}
	asking.Wait()
}

func bareLatency(b *testing.B, size int) *delays {
	p, shown, asked := startBare(b, bareOptions{Library: "gobwas"}), new(delays), new(begun)
	defer p.end()
	var watchers []*benchSocket
	for range latencyWatchers {
		s, err := dialBench(p.address, "/watch", "127.0.0.2")
		must(b, err)
		must(b, s.greet("hello"))
		watchers = append(watchers, s)
		go func() {
			_ = s.serve(func(payload []byte) {
				if delay, ok := asked.since(string(payload[:36])); ok {
					shown.add(delay)
				}
			})
		}()
	}
	poster, err := dialBench(p.address, "/post", "127.0.0.2")
	must(b, err)
	must(b, poster.greet("hello"))
	filler := bytes.Repeat([]byte("x"), max(size-36, 0))
	paced(b, func(n int) {
		id := fmt.Sprintf("%036d", n)
		asked.now(id)
		must(b, poster.write(append([]byte(id), filler...)))
	})
	time.Sleep(time.Second)
	for _, s := range watchers {
		s.cut()
	}
	return shown
}
