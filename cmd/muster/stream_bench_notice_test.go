package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// noticeAgents are so many because it matters where between two beats a client
// stops: theirs are spread over the time between beats.
const noticeAgents = 100

// BenchmarkStream_Notice is the time until a watcher of the floor reads that an
// agent's client is gone: stopped with its connection open, or killed, which
// closes it. The clients are a process of their own and go all at once. Beside
// those that are killed, a bare server tells its watcher when reading fails.
func BenchmarkStream_Notice(b *testing.B) {
	for _, c := range []struct {
		name     string
		settings []string
		signal   syscall.Signal
	}{
		{"stopped", nil, syscall.SIGSTOP},
		{"stopped_sharpest", []string{"beatDelay: 1s"}, syscall.SIGSTOP},
		{"killed", nil, syscall.SIGKILL},
	} {
		b.Run(c.name, func(b *testing.B) {
			floor := newBenchFloor(b, noticeAgents, c.settings...)
			for b.Loop() {
				ours := noticed(b, floor, c.signal)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(ours.at(0)/1000, "first_s")
				b.ReportMetric(ours.at(50)/1000, "median_s")
				b.ReportMetric(ours.at(100)/1000, "last_s")
				if c.signal == syscall.SIGKILL {
					bare := bareNoticed(b, floor)
					b.ReportMetric(bare.at(50)/1000, "bare_median_s")
					b.ReportMetric(bare.at(100)/1000, "bare_last_s")
				}
			}
		})
	}
}

func noticed(b *testing.B, floor *benchFloor, signal syscall.Signal) *delays {
	server := startServer(b, floor.folder)
	defer server.end()
	floor.logIn(b, server.address)
	var hellos []string
	for _, agent := range floor.agents {
		hellos = append(hellos, floor.hello(agent, ""))
	}
	hello := fmt.Sprintf(`{"type":"hello","token":"%s","view":"floor"}`, floor.supervisor.token)
	return goneAfter(b, floor, departure{
		server: server, signal: signal,
		clients: benchHello{Path: floor.path(), Texts: hellos}, watcher: benchHello{Path: floor.path(), Texts: []string{hello}},
	})
}

func bareNoticed(b *testing.B, floor *benchFloor) *delays {
	server := startBare(b, bareOptions{Library: "gobwas", Tell: true})
	defer server.end()
	var hellos []string
	for _, agent := range floor.agents {
		hellos = append(hellos, fmt.Sprintf(`{"type":"events","events":[{"message":{"type":"floor-row-change","row":{"connection":"lost",%s%s"}}}]}`, rowMark, agent.id))
	}
	return goneAfter(b, floor, departure{
		server: server, signal: syscall.SIGKILL,
		clients: benchHello{Path: "/", Texts: hellos}, watcher: benchHello{Path: "/watch", Texts: []string{"hello"}},
	})
}

// departure is who goes from where, on which signal, and who watches.
type departure struct {
	server           *benchProcess
	signal           syscall.Signal
	clients, watcher benchHello
}

// goneAfter lets clients come, sends their process the signal after a while, and
// waits until the watcher has read of each agent that it is gone.
func goneAfter(b *testing.B, floor *benchFloor, d departure) *delays {
	b.Helper()
	text, err := json.Marshal(d.clients)
	must(b, err)
	clients := startRole(b, "client", d.server.address, string(text))
	defer clients.end()
	time.Sleep(6 * time.Second) // all have answered
	watcher, err := dialBench(d.server.address, d.watcher.Path, "127.0.0.1")
	must(b, err)
	defer watcher.cut()
	must(b, watcher.greet(d.watcher.Texts[0]))
	gone := make(chan string, 4*noticeAgents)
	go func() {
		_ = watcher.serve(func(payload []byte) {
			for _, id := range goneIn(string(payload)) {
				gone <- id
			}
		})
	}()
	time.Sleep(time.Second)
	waiting := make(map[string]bool)
	for _, agent := range floor.agents {
		waiting[agent.id] = true
	}
	after, began := new(delays), time.Now()
	clients.signal(d.signal)
	for timeout := time.After(time.Minute); len(waiting) > 0; {
		select {
		case id := <-gone:
			if waiting[id] {
				delete(waiting, id)
				after.add(time.Since(began))
			}
		case <-timeout:
			b.Fatalf("after a minute nothing says that %d agents are gone", len(waiting))
		}
	}
	return after
}

// goneIn lists whose rows in a frame of changes say that the client is gone.
func goneIn(text string) (ids []string) {
	if !strings.HasPrefix(text, `{"type":"events"`) {
		return nil
	}
	for _, change := range strings.Split(text, `"type":"floor-row-change"`)[1:] {
		if strings.Contains(change, `"connection":"silent"`) || strings.Contains(change, `"connection":"lost"`) {
			_, id, _ := strings.Cut(change, rowMark)
			ids = append(ids, id[:idLength])
		}
	}
	return ids
}
