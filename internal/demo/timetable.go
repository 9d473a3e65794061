package demo

import (
	"container/heap"
	"time"
)

// actor is somebody who has something to do at a time: an agent at a seat, the
// switchboard, a call.
type actor interface {
	// nextTurn is when act is to be called; false for never, unless somebody
	// wakes the actor.
	nextTurn() (time.Time, bool)
	// act returns the request to send, or nil where there is none to be sent now.
	// After that, and after what the request taught, nextTurn is asked again.
	act(now time.Time) request
}

// timetable knows whose turn is when. Actors whose turns are at the same time
// have them in the order in which they were entered.
type timetable struct {
	queue   turns
	entries map[actor]*turn
	entered uint64
}

// turn is an entry of the timetable.
type turn struct {
	actor actor
	at    time.Time
	order uint64
	place int  // in the queue, -1 outside of it
	busy  bool // acting: entered again afterwards
}

func newTimetable() *timetable { return &timetable{entries: make(map[actor]*turn)} }

// enter brings the actor's entry up to date; of a busy one nothing changes.
func (t *timetable) enter(a actor) {
	entry := t.entries[a]
	if entry != nil && entry.busy {
		return
	}
	at, ok := a.nextTurn()
	switch {
	case !ok && entry != nil:
		heap.Remove(&t.queue, entry.place)
		delete(t.entries, a)
	case !ok:
	case entry == nil:
		t.entered++
		entry = &turn{actor: a, at: at, order: t.entered}
		t.entries[a] = entry
		heap.Push(&t.queue, entry)
	default:
		t.entered++
		entry.at, entry.order = at, t.entered
		heap.Fix(&t.queue, entry.place)
	}
}

// next returns when the first turn is.
func (t *timetable) next() (time.Time, bool) {
	if len(t.queue) == 0 {
		return time.Time{}, false
	}
	return t.queue[0].at, true
}

// take returns the actor whose turn is first and makes it busy. There must be
// one.
func (t *timetable) take() actor {
	entry := heap.Pop(&t.queue).(*turn)
	entry.busy = true
	return entry.actor
}

// release ends what take began.
func (t *timetable) release(a actor) {
	delete(t.entries, a)
	t.enter(a)
}

// turns is a heap; see [container/heap].
type turns []*turn

func (q turns) Len() int { return len(q) }

func (q turns) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].order < q[j].order
}

func (q turns) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

func (q *turns) Push(x any) {
	entry := x.(*turn)
	entry.place = len(*q)
	*q = append(*q, entry)
}

func (q *turns) Pop() any {
	last := len(*q) - 1
	entry := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	entry.place = -1
	return entry
}
