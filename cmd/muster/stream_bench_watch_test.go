package main

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// delays are how long things took.
type delays struct {
	mu   sync.Mutex // guards list
	list []time.Duration
}

func (d *delays) add(delay time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.list = append(d.list, delay)
}

func (d *delays) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.list)
}

// at is a percentile in milliseconds; 100 is the longest.
func (d *delays) at(percent int) float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	slices.Sort(d.list)
	if len(d.list) == 0 {
		return 0
	}
	i := min(len(d.list)*percent/100, len(d.list)-1)
	return float64(d.list[i].Microseconds()) / 1000
}

// begun remembers when the last change of each agent was asked for.
type begun struct {
	origin time.Time
	times  map[string]*atomic.Int64 // since the origin, by the agent's id
}

func newBegun(floor *benchFloor) *begun {
	s := &begun{origin: time.Now(), times: make(map[string]*atomic.Int64)}
	for _, agent := range floor.agents {
		s.times[agent.id] = new(atomic.Int64)
	}
	return s
}

func (s *begun) at(id string, when time.Time) { s.times[id].Store(int64(when.Sub(s.origin))) }

func (s *begun) since(id []byte) (time.Duration, bool) {
	at, ok := s.times[string(id)]
	if !ok || at.Load() == 0 {
		return 0, false
	}
	return time.Since(s.origin) - time.Duration(at.Load()), true
}

const (
	rowMark  = `"resourceId":"` // before the id of the agent whose row it is
	idLength = 36
)

// watchers are ten who read every change.
type watchers struct {
	asked    *begun
	sockets  []*benchSocket
	serving  sync.WaitGroup
	shown    atomic.Pointer[delays]
	smallest atomic.Int64 // frame with a change, in bytes
}

// watch opens the watchers' sockets; they have been sent their snapshots, where
// there are any.
func watch(b *testing.B, address, path, hello string, asked *begun) *watchers {
	b.Helper()
	w := &watchers{asked: asked}
	w.smallest.Store(1 << 20)
	w.begin(new(delays))
	snapshots := make(chan struct{}, latencyWatchers)
	for i := range latencyWatchers {
		s, err := dialBench(address, path, fmt.Sprintf("127.0.0.%d", 2+i))
		must(b, err)
		must(b, s.greet(hello))
		w.sockets = append(w.sockets, s)
		w.serving.Go(func() {
			_ = s.serve(func(payload []byte) { w.take(payload, snapshots) })
		})
	}
	if path != "/watch" { // a bare server has no snapshots
		for range w.sockets {
			<-snapshots
		}
	}
	return w
}

func (w *watchers) take(payload []byte, snapshots chan<- struct{}) {
	if bytes.HasPrefix(payload, []byte(`{"type":"snapshot"`)) {
		if bytes.Contains(payload[:min(len(payload), 200)], []byte(`"last":true`)) {
			snapshots <- struct{}{}
		}
		return
	}
	rest, found := payload, false
	for {
		_, after, ok := bytes.Cut(rest, []byte(rowMark))
		if !ok || len(after) < idLength {
			break
		}
		if delay, known := w.asked.since(after[:idLength]); known {
			w.shown.Load().add(delay)
		}
		rest, found = after[idLength:], true
	}
	if found && int64(len(payload)) < w.smallest.Load() {
		w.smallest.Store(int64(len(payload)))
	}
}

// begin begins a turn.
func (w *watchers) begin(d *delays) { w.shown.Store(d) }

// all is what was seen in a turn that has ended.
func (w *watchers) all(b *testing.B) *delays {
	b.Helper()
	seen := w.shown.Load()
	if want := latencyRate * int(latencyTime.Seconds()) * latencyWatchers; seen.count() != want {
		b.Errorf("%d changes were shown, not %d", seen.count(), want)
	}
	return seen
}

// size is that of a frame with one change.
func (w *watchers) size() int { return int(w.smallest.Load()) }

func (w *watchers) cut() {
	for _, s := range w.sockets {
		s.cut()
	}
	w.serving.Wait()
}
