package httpapi

import (
	"sync"
	"time"
)

// minuteLimit counts requests by who sent them within a minute of the clock. It
// forgets everything when the next minute begins, so it holds as many keys as
// called within one.
type minuteLimit[K comparable] struct {
	limit int

	mu     sync.Mutex // guards the fields below
	minute time.Time
	taken  map[K]int
}

// take counts a request and returns for how long it is too many; 0 if it is not.
func (l *minuteLimit[K]) take(by K, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute, l.taken = minute, make(map[K]int)
	}
	if l.taken[by] >= l.limit {
		return l.minute.Add(time.Minute).Sub(now)
	}
	l.taken[by]++
	return 0
}
