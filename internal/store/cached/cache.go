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
	writes uint64
}

func newCache[K comparable, V any](capacity int) *cache[K, V] {
	return &cache[K, V]{capacity: capacity, entries: make(map[K]V)}
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
	if writes != c.writes {
		return
	}
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
	}
}

// forgetWhere drops the entries that changed says.
func (c *cache[K, V]) forgetWhere(changed func(K, V) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	for key, value := range c.entries {
		if changed(key, value) {
			delete(c.entries, key)
		}
	}
}
