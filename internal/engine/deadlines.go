package engine

import (
	"container/heap"
	"time"
)

// deadlines orders residents by when silence may next lead to something. An
// entry may be early, since agents are heard meanwhile: whoever takes it looks
// again and puts it back.
type deadlines struct{ entries deadlineHeap }

type deadline struct {
	at       time.Duration // by the engine's monotonic clock
	resident *resident
}

func (d *deadlines) add(at time.Duration, r *resident) {
	r.queued = true
	heap.Push(&d.entries, deadline{at, r})
}

// next is the earliest deadline; ok is false if there is none.
func (d *deadlines) next() (at time.Duration, ok bool) {
	if len(d.entries) == 0 {
		return 0, false
	}
	return d.entries[0].at, true
}

// due takes a resident whose deadline has come, nil if there is none.
func (d *deadlines) due(now time.Duration) *resident {
	if at, ok := d.next(); !ok || at > now {
		return nil
	}
	r := heap.Pop(&d.entries).(deadline).resident
	r.queued = false
	return r
}

type deadlineHeap []deadline

func (h deadlineHeap) Len() int           { return len(h) }
func (h deadlineHeap) Less(i, j int) bool { return h[i].at < h[j].at }
func (h deadlineHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *deadlineHeap) Push(x any)        { *h = append(*h, x.(deadline)) }
func (h *deadlineHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = deadline{}
	*h = old[:len(old)-1]
	return last
}
