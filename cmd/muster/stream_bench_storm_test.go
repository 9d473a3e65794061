package main

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	// stormAtOnce is how many connections are being opened at any time after the
	// cut.
	stormAtOnce = 1000
	stormTurns  = 3
)

// BenchmarkStream_Reconnect is the time from cutting all connections at once
// until every client has been welcomed again and goes on from its cursor, and how
// many sessions that ended; a bare server only shakes hands and answers one
// message of that size. Figures are medians over a few storms of each.
func BenchmarkStream_Reconnect(b *testing.B) {
	agents := benchAgents(b, 15_000)
	floor := newBenchFloor(b, agents)
	for b.Loop() {
		ours := storms(b, floor)
		bare := bareStorms(b, agents, len(floor.hello(floor.agents[0], strings.Repeat("c", idLength))))
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(ours.median(), "s")
		b.ReportMetric(ours.worst(), "worst_s")
		b.ReportMetric(bare.median(), "bare_s")
		b.ReportMetric(ours.median()/bare.median(), "x_bare")
	}
}

func storms(b *testing.B, floor *benchFloor) (took rate) {
	server := startServer(b, floor.folder)
	defer server.end()
	floor.logIn(b, server.address)
	agents := len(floor.agents)
	crowd := gather(b, server.address, floor.path(), agents, 256, func(i int) string { return floor.hello(floor.agents[i], "") })
	resumed := 0
	for range stormTurns {
		time.Sleep(5 * time.Second) // until everybody has been sent all there is
		before := crowd
		before.cut()
		began := time.Now()
		crowd = gather(b, server.address, floor.path(), agents, stormAtOnce, func(i int) string {
			return floor.hello(floor.agents[i], before.sockets[i].cursor)
		})
		took = took.with(time.Since(began).Seconds())
		resumed += alike(before, crowd)
	}
	b.ReportMetric(float64(resumed)/stormTurns, "resumed")
	b.ReportMetric(server.decays(b, "session_ended"), "false_offline")
	b.ReportMetric(server.decays(b, "connection_changed")/stormTurns, "seen_as_lost")
	crowd.cut()
	return took
}

// alike counts the sockets that went on from the cursor of the one before.
func alike(before, after *crowd) (n int) {
	for i, s := range after.sockets {
		if s.welcomed == before.sockets[i].cursor {
			n++
		}
	}
	return n
}

func bareStorms(b *testing.B, agents, size int) (took rate) {
	server := startBare(b, bareOptions{Library: "gobwas"})
	defer server.end()
	hello := func(int) string { return strings.Repeat("h", size) }
	crowd := gather(b, server.address, "/", agents, 256, hello)
	for range stormTurns {
		crowd.cut()
		began := time.Now()
		crowd = gather(b, server.address, "/", agents, stormAtOnce, hello)
		took = took.with(time.Since(began).Seconds())
	}
	crowd.cut()
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
