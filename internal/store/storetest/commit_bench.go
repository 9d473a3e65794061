package storetest

import (
	"fmt"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// BenchmarkCommit measures durable changes: each agent goes to and fro between
// ready and not ready, in commits of 1, 16 and 128 changes. An operation is one
// change.
func BenchmarkCommit(b *testing.B, open Open) {
	for _, size := range []int{1, 16, 128} {
		b.Run(fmt.Sprintf("changes=%d", size), func(b *testing.B) {
			s := open(b)
			recorder := NewRecorder()
			for n := range 128 {
				mustCommit(b, s, recorder.must(b, numbered(northTenant, n), begins, nine))
			}
			commands := []presence.Command{
				presence.GoReady{By: byAnn, HasExtension: true},
				presence.GoNotReady{By: byAnn},
			}
			batch := make([]store.Change, 0, size)
			b.ReportAllocs()
			b.ResetTimer()
			for i := range b.N {
				command := commands[i/128%2]
				batch = append(batch, recorder.must(b, numbered(northTenant, i%128), command, nine+presence.Instant(i)))
				if len(batch) == size || i == b.N-1 {
					mustCommit(b, s, batch...)
					batch = batch[:0]
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "changes/s")
		})
	}
}
