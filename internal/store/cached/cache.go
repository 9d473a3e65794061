package cached

import "sync"

// cache is a bounded map of what was loaded. When it is full, an arbitrary entry
// makes room: finding the least recently used one would make every lookup a
// write.
type cache[K comparable, V any] struct {
	capacity int

	mu      sync.RWMutex // guards the fields below
	entries map[K]V
	// writes counts the calls of forget. It tells a load that a write came
	// between.
	writes  uint64
	batches map[*batch[K]]struct{} // that are being loaded
}

// batch is what was forgotten together and is being loaded together.
type batch[K comparable] struct {
	keys map[K]struct{} // those that no write has come between for
}

func newCache[K comparable, V any](capacity int) *cache[K, V] {
	return &cache[K, V]{capacity: capacity, entries: make(map[K]V), batches: make(map[*batch[K]]struct{})}
}

// get returns what is remembered, or loads and remembers it.
func (c *cache[K, V]) get(key K, load func() (V, error)) (V, error) {
	c.mu.RLock()
	value, ok := c.entries[key]
	writes := c.writes
	c.mu.RUnlock()
	if ok {
		return value, nil
	}
	value, err := load()
	if err == nil {
		c.remember(key, value, writes)
	}
	return value, err
}

// remember keeps a value whose loading began when there had been that many
// writes, unless there has been one since: then the value may be an old one.
func (c *cache[K, V]) remember(key K, value V, writes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if writes == c.writes {
		c.put(key, value)
	}
}

// put keeps a value. The caller holds the lock.
func (c *cache[K, V]) put(key K, value V) {
	if _, known := c.entries[key]; !known && len(c.entries) >= c.capacity {
		for some := range c.entries {
			delete(c.entries, some)
			break
		}
	}
	c.entries[key] = value
}

// forget drops the entries of the keys.
func (c *cache[K, V]) forget(keys ...K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	for _, key := range keys {
		delete(c.entries, key)
		for b := range c.batches {
			delete(b.keys, key)
		}
	}
}

// forgetWhere drops the entries that changed says, as a batch that may be loaded:
// end it in any case.
func (c *cache[K, V]) forgetWhere(changed func(K, V) bool) *batch[K] {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	for b := range c.batches {
		clear(b.keys) // of what is on its way nobody knows yet what it is
	}
	forgotten := &batch[K]{keys: make(map[K]struct{})}
	for key, value := range c.entries {
		if changed(key, value) {
			delete(c.entries, key)
			forgotten.keys[key] = struct{}{}
		}
	}
	c.batches[forgotten] = struct{}{}
	return forgotten
}

// wants reports whether the value is still to be loaded with the batch.
func (c *cache[K, V]) wants(b *batch[K], key K) bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	_, wanted := b.keys[key]
	return wanted
}

// rememberOf keeps a value that was loaded with a batch, unless a write has come
// between.
func (c *cache[K, V]) rememberOf(b *batch[K], key K, value V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, wanted := b.keys[key]; wanted {
		c.put(key, value)
	}
}

// size is how many entries were forgotten with the batch and are to be loaded.
func (c *cache[K, V]) size(b *batch[K]) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(b.keys)
}

// end gives a batch up.
func (c *cache[K, V]) end(b *batch[K]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.batches, b)
}
