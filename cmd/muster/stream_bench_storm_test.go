package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stormAtOnce is how many connections are being opened at any time after the cut.
const stormAtOnce = 1000

// BenchmarkStream_Reconnect is the time from cutting all connections at once
// until every client has been welcomed again and goes on from its cursor, and how
// many sessions that ended; a bare server only shakes hands and answers one
// message.
func BenchmarkStream_Reconnect(b *testing.B) {
	agents := benchAgents(b, 15_000)
	floor := newBenchFloor(b, agents)
	for b.Loop() {
		ours := startServer(b, floor.folder)
		floor.logIn(b, ours.address)
		first := gather(b, ours.address, floor.path(), agents, 256, func(i int) string { return floor.hello(floor.agents[i], "") })
		time.Sleep(5 * time.Second) // until everybody has been sent its snapshot
		first.cut()
		began := time.Now()
		second := gather(b, ours.address, floor.path(), agents, stormAtOnce, func(i int) string {
			return floor.hello(floor.agents[i], first.sockets[i].cursor)
		})
		took := time.Since(began)
		resumed := 0
		for i, s := range second.sockets {
			if s.cursor == first.sockets[i].cursor {
				resumed++
			}
		}
		ended, lost := ours.decays(b, "session_ended"), ours.decays(b, "connection_changed")
		second.cut()
		ours.end()
		bare := bareStorm(b, agents)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(took.Seconds(), "s")
		b.ReportMetric(bare.Seconds(), "bare_s")
		b.ReportMetric(took.Seconds()/bare.Seconds(), "x_bare")
		b.ReportMetric(float64(resumed), "resumed")
		b.ReportMetric(ended, "false_offline")
		b.ReportMetric(lost, "seen_as_lost")
	}
}

func bareStorm(b *testing.B, n int) time.Duration {
	p := startBare(b, bareOptions{Library: "gobwas"})
	defer p.end()
	hello := func(int) string { return strings.Repeat("h", 600) }
	gather(b, p.address, "/", n, 256, hello).cut()
	began := time.Now()
	again := gather(b, p.address, "/", n, stormAtOnce, hello)
	took := time.Since(began)
	again.cut()
	return took
}

// decays is how many steps of silence of a kind the server counted.
func (p *benchProcess) decays(b *testing.B, kind string) float64 {
	answer, err := http.Get("http://" + p.metrics + "/metrics")
	must(b, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(b, err)
	_, rest, _ := strings.Cut(string(text), `muster_decays_total{kind="`+kind+`"} `)
	value, _, _ := strings.Cut(rest, "\n")
	count, _ := strconv.ParseFloat(value, 64) // absent: none
	return count
}

// BenchmarkStream_Notice is the time until a watcher of the floor reads that an
// agent's client is gone: stopped with its connection open, or killed.
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
			floor := newBenchFloor(b, 1, c.settings...)
			server := startServer(b, floor.folder)
			floor.logIn(b, server.address)
			for b.Loop() {
				hello, err := json.Marshal(benchHello{Path: floor.path(), Text: floor.hello(floor.agents[0], "")})
				must(b, err)
				client := startRole(b, "client", server.address, string(hello))
				time.Sleep(12 * time.Second) // it has answered
				watcher, err := dialBench(server.address, floor.path(), "127.0.0.1")
				must(b, err)
				must(b, watcher.greet(fmt.Sprintf(`{"type":"hello","token":"%s","view":"floor"}`, floor.supervisor.token)))
				noticed := make(chan struct{}, 16)
				go func() {
					_ = watcher.serve(func(payload []byte) {
						if text := string(payload); strings.HasPrefix(text, `{"type":"events"`) && !strings.Contains(text, `"connection":"live"`) {
							noticed <- struct{}{}
						}
					})
				}()
				time.Sleep(time.Second)
				began := time.Now()
				client.signal(c.signal)
				<-noticed
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(time.Since(began).Seconds(), "s")
				client.end()
				watcher.cut()
			}
		})
	}
}
