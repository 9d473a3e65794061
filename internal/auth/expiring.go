package auth

import (
	"sync"

	"github.com/muster-presence/muster/internal/presence"
)

// expiring maps keys to values that are of no interest after their expiry. It is
// cut into shards so that callers seldom wait for each other. Keys must be
// random in their first byte. The zero value is empty and without limit.
type expiring[K presence.UUID | [32]byte, V any] struct {
	// shardLimit is how many entries a shard holds at most; 0 means no limit.
	// Beyond it an arbitrary one goes for each that comes.
	shardLimit int
	shards     [expiringShards]expiringShard[K, V]
}

const (
	expiringShards = 64
	// sweepFrom is the size below which looking for expired entries is not worth
	// it.
	sweepFrom = 64
)

type expiringShard[K comparable, V any] struct {
	mu      sync.RWMutex // guards the fields below
	entries map[K]expiringEntry[V]
	sweepAt int // the number of entries at which the expired ones are removed
}

type expiringEntry[V any] struct {
	value   V
	expires presence.Instant
}

// get answers the value of key, which may have expired.
func (m *expiring[K, V]) get(key K) (V, bool) {
	shard := m.shard(key)
	shard.mu.RLock()
	entry, ok := shard.entries[key]
	shard.mu.RUnlock()
	return entry.value, ok
}

// put sets the value of key and, now and then, removes what has expired at now.
func (m *expiring[K, V]) put(key K, value V, expires, now presence.Instant) {
	shard := m.shard(key)
	shard.mu.Lock()
	defer shard.mu.Unlock()
	if shard.entries == nil {
		shard.entries = make(map[K]expiringEntry[V])
		shard.sweepAt = sweepFrom
	}
	// Sweeping at doubled sizes only costs each entry a constant on average.
	if len(shard.entries) >= shard.sweepAt {
		shard.sweep(now)
		shard.sweepAt = max(sweepFrom, 2*len(shard.entries))
	}
	if _, known := shard.entries[key]; !known && m.shardLimit > 0 && len(shard.entries) >= m.shardLimit {
		shard.dropAny()
	}
	shard.entries[key] = expiringEntry[V]{value: value, expires: expires}
}

func (m *expiring[K, V]) shard(key K) *expiringShard[K, V] {
	return &m.shards[key[0]%expiringShards]
}

func (s *expiringShard[K, V]) sweep(now presence.Instant) {
	for key, entry := range s.entries {
		if entry.expires <= now {
			delete(s.entries, key)
		}
	}
}

func (s *expiringShard[K, V]) dropAny() {
	for key := range s.entries {
		delete(s.entries, key)
		return
	}
}
