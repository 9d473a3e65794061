package engine_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

// benchFloor is a running floor of so many live agents in real time.
func benchFloor(b *testing.B, agents int) (*floor, []presence.SessionID) {
	b.Helper()
	f := newFloor(b)
	f.hire(agents)
	f.start()
	sessions := make([]presence.SessionID, agents)
	for i := range sessions {
		sessions[i] = f.logIn(agent(i))
	}
	return f, sessions
}

// BenchmarkHeartbeat is the way of almost all heartbeats: those of live agents.
func BenchmarkHeartbeat(b *testing.B) {
	f, sessions := benchFloor(b, 1)
	key := agent(0)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.engine.Heartbeat(context.Background(), key, sessions[0]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHeartbeat_Parallel(b *testing.B) {
	const agents = 1000
	f, sessions := benchFloor(b, agents)
	var next atomic.Int64
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		i := int(next.Add(1)) * 37 % agents
		for pb.Next() {
			if _, err := f.engine.Heartbeat(context.Background(), agent(i), sessions[i]); err != nil {
				b.Error(err)
				return
			}
			i = (i + 1) % agents
		}
	})
}

// BenchmarkDo is the engine's own part of a change: the store costs next to
// nothing.
func BenchmarkDo(b *testing.B) {
	for _, callers := range []int{1, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			f, _ := benchFloor(b, callers)
			commits := f.storage.commits.Load()
			var left atomic.Int64
			left.Store(int64(b.N))
			done := make(chan error, callers)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range callers {
				go func() { done <- changeState(f.engine, agent(i), &left) }()
			}
			for range callers {
				if err := <-done; err != nil {
					b.Error(err)
				}
			}
			b.ReportMetric(float64(b.N)/float64(f.storage.commits.Load()-commits), "changes/commit")
		})
	}
}

// changeState changes an agent's state until nothing is left to do.
func changeState(e *engine.Engine, key presence.Key, left *atomic.Int64) error {
	commands := []presence.Command{ready(key), notReady(key, lunch)}
	for i := 0; left.Add(-1) >= 0; i++ {
		if _, err := e.Do(context.Background(), engine.Request{Key: key, Command: commands[i%2]}); err != nil {
			return err
		}
	}
	return nil
}
