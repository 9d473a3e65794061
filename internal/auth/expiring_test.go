package auth

import (
	"testing"

	"github.com/muster-presence/muster/internal/presence"
)

func TestExpiring_FindsWhatWasPut(t *testing.T) {
	t.Parallel()
	var m expiring[presence.UUID, string]
	m.put(presence.UUID{1}, "one", 100, 0)
	m.put(presence.UUID{65}, "another in the same shard", 100, 0)
	if got, ok := m.get(presence.UUID{1}); got != "one" || !ok {
		t.Errorf("got %q, %t", got, ok)
	}
	if got, ok := m.get(presence.UUID{2}); got != "" || ok {
		t.Errorf("got %q, %t for a key that was never put", got, ok)
	}
}

func TestExpiring_ForgetsWhatHasExpiredAsItGrows(t *testing.T) {
	t.Parallel()
	var m expiring[presence.UUID, int]
	for i := range 100_000 {
		now := presence.Instant(i)
		m.put(presence.UUID{0, byte(i >> 16), byte(i >> 8), byte(i)}, i, now+10, now)
	}
	if kept := len(m.shards[0].entries); kept > 2*sweepFrom {
		t.Errorf("%d entries are kept of which 10 have not expired", kept)
	}
}

func TestExpiring_KeepsNoMoreThanItsLimit(t *testing.T) {
	t.Parallel()
	var m expiring[presence.UUID, int]
	m.shardLimit = 10
	for i := range 100 {
		m.put(presence.UUID{0, byte(i)}, i, 1000, 0)
		if got, ok := m.get(presence.UUID{0, byte(i)}); got != i || !ok {
			t.Fatalf("entry %d is not there right after it was put", i)
		}
	}
	m.put(presence.UUID{0, 99}, 99, 1000, 0)
	if kept := len(m.shards[0].entries); kept != 10 {
		t.Errorf("%d entries are kept, want 10", kept)
	}
}
