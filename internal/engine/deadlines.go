package engine

import (
	"container/heap"
	"time"
)

// deadlines orders residents by when silence may next lead to something. An
// entry may be early, since agents are heard meanwhile: whoever takes it looks
// again and puts it back. It is never late: an agent who comes back has an
// earlier deadline than the one that was waiting.
type deadlines struct{ waiting deadlineHeap }

// add sees to it that the resident is due at a time or before.
func (d *deadlines) add(at time.Duration, r *resident) {
	switch {
	case !r.queued():
		r.due = at
		heap.Push(&d.waiting, r)
	case at < r.due:
		r.due = at
		heap.Fix(&d.waiting, r.place)
	}
}

// next is the earliest deadline; ok is false if there is none.
func (d *deadlines) next() (at time.Duration, ok bool) {
	if len(d.waiting) == 0 {
		return 0, false
	}
	return d.waiting[0].due, true
}

// take takes a resident whose deadline has come, nil if there is none.
func (d *deadlines) take(now time.Duration) *resident {
	if at, ok := d.next(); !ok || at > now {
		return nil
	}
	return heap.Pop(&d.waiting).(*resident)
}

// deadlineHeap keeps in each resident its place in the heap.
type deadlineHeap []*resident

func (h deadlineHeap) Len() int           { return len(h) }
func (h deadlineHeap) Less(i, j int) bool { return h[i].due < h[j].due }

func (h deadlineHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].place, h[j].place = i, j
}

func (h *deadlineHeap) Push(x any) {
	r := x.(*resident)
	r.place = len(*h)
	*h = append(*h, r)
}

func (h *deadlineHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	last.place = notQueued
	return last
}
