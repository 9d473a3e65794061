package main

import (
	"encoding/json"
	"runtime"
	"testing"
	"time"
)

// BenchmarkStream_IdleMemory is what an idle connected agent costs the server:
// resident memory with everything an agent has (session, lease, token, user and
// member remembered, subscription, socket, two beats answered), divided by the
// agents; beside bare servers on the same library and on another.
func BenchmarkStream_IdleMemory(b *testing.B) {
	agents := benchAgents(b, 15_000)
	floor := newBenchFloor(b, agents)
	for b.Loop() {
		ours := idleMemory(b, startServer(b, floor.folder), floor)
		gobwas := bareMemory(b, "gobwas", agents)
		coder := bareMemory(b, "coder", agents)
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(ours/1024, "KiB/agent")
		b.ReportMetric(gobwas/1024, "bare_gobwas_KiB")
		b.ReportMetric(coder/1024, "bare_coder_KiB")
		b.ReportMetric(ours/gobwas, "x_bare_gobwas")
	}
}

// settle is how long memory may settle: long enough for the runtime to give back
// what only connecting needed.
const settle = 20 * time.Second

func idleMemory(b *testing.B, p *benchProcess, floor *benchFloor) float64 {
	before := p.memory()
	floor.logIn(b, p.address)
	crowd := gather(b, p.address, floor.path(), len(floor.agents), 256, func(i int) string { return floor.hello(floor.agents[i], "") })
	after := p.settledMemory(settle)
	crowd.cut()
	p.end()
	return (after - before) / float64(len(floor.agents))
}

func bareMemory(b *testing.B, library string, n int) float64 {
	p := startBare(b, bareOptions{Library: library})
	before := p.memory()
	crowd := gather(b, p.address, "/", n, 256, func(int) string { return "hello" })
	after := p.settledMemory(settle)
	crowd.cut()
	p.end()
	return (after - before) / float64(n)
}

func startBare(b *testing.B, o bareOptions) *benchProcess {
	b.Helper()
	text, err := json.Marshal(o)
	must(b, err)
	return startRole(b, "bare", string(text))
}

// BenchmarkStream_IdleCPU is what a thousand connected agents cost the server who
// do nothing but answer beats, at two rhythms; a bare server that asks and takes
// the answers at the same rhythm is measured in the same window.
func BenchmarkStream_IdleCPU(b *testing.B) {
	for _, rhythm := range []time.Duration{15 * time.Second, 4 * time.Second} {
		b.Run("beat="+rhythm.String(), func(b *testing.B) {
			agents := benchAgents(b, 1000)
			floor := newBenchFloor(b, agents, "beatDelay: "+rhythm.String(), "notReadyAfter: 120s")
			for b.Loop() {
				ours, bare := startServer(b, floor.folder), startBare(b, bareOptions{Library: "gobwas", Beat: rhythm})
				floor.logIn(b, ours.address)
				agentsOn := gather(b, ours.address, floor.path(), agents, 64, func(i int) string { return floor.hello(floor.agents[i], "") })
				others := gather(b, bare.address, "/", agents, 64, func(int) string { return "hello" })
				runtime.GC()
				time.Sleep(rhythm)
				oursBefore, bareBefore := ours.cpu(), bare.cpu()
				const window = 30 * time.Second
				time.Sleep(window)
				oursUsed, bareUsed := ours.cpu()-oursBefore, bare.cpu()-bareBefore
				perMinute := float64(time.Minute) / float64(window)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(oursUsed.Seconds()*perMinute, "cpu_s/minute")
				b.ReportMetric(bareUsed.Seconds()*perMinute, "bare_cpu_s/minute")
				b.ReportMetric(oursUsed.Seconds()/bareUsed.Seconds(), "x_bare")
				agentsOn.cut()
				others.cut()
				ours.end()
				bare.end()
			}
		})
	}
}
