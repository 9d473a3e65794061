package stream

import (
	"slices"

	"github.com/muster-presence/muster/internal/store"
)

// item is something to send: exactly one of event, mark, beat, snapshot and
// replay.
type item struct {
	kind itemKind
	// whole: the event is the last of its change.
	whole bool
	// seq is what the client holds afterwards; not of a beat or a replay.
	seq store.Seq
	// encoded is an event, shared with other subscriptions.
	encoded []byte
	// epoch is new with a mark and a snapshot.
	epoch    string
	beat     beat
	snapshot *snapshot
	replay   *replay
}

type itemKind uint8

const (
	anEvent itemKind = iota
	aMark
	aBeat
	aSnapshot
	aReplay
)

// beat is a question to the client whether it is there. In a floor view it says
// what the rows add up to, if the client holds seq.
type beat struct {
	n        uint64
	digested bool
	seq      store.Seq
	sum      uint32
}

const (
	// queueBytes bounds what may wait for a client, as encoded.
	queueBytes = 4 << 20
	// queueItems bounds how much it is in number, unless the options say otherwise.
	queueItems = 16 << 10
	// snapshotShare is the most that a snapshot takes of queueBytes: how large one
	// is says how large the tenant is, not how slow the client. Thus every tenant
	// can be watched, and a queue holds no more than four of the largest.
	snapshotShare = queueBytes / 4
	// rowPlace is what a row of a snapshot takes: the row itself is the floor's.
	rowPlace = 24
	// smallQueue is how many places a queue may keep that it does not need.
	smallQueue = 64
)

// size is how much there is to send.
func (i item) size() int {
	if i.snapshot != nil {
		return i.snapshot.bytes
	}
	return len(i.encoded)
}

// weight is how much an item takes of what may wait.
func (i item) weight() int {
	if i.snapshot != nil {
		return min(len(i.snapshot.rows)*rowPlace, snapshotShare)
	}
	return len(i.encoded)
}

// queue is what waits for a client.
type queue struct {
	items  []item
	first  int // of items; those before are sent
	bytes  int // the items' sizes
	weight int // and their weights, which fits bounds
}

func (q *queue) empty() bool  { return q.first == len(q.items) }
func (q *queue) length() int  { return len(q.items) - q.first }
func (q *queue) head() *item  { return &q.items[q.first] }
func (q *queue) rest() []item { return q.items[q.first:] }

func (q *queue) add(items []item) {
	for _, i := range items {
		q.bytes += i.size()
		q.weight += i.weight()
	}
	q.items = append(q.items, items...)
}

// fits reports whether no more waits than may wait, so many items at most.
func (q *queue) fits(items int) bool { return q.fullness(items) <= 1 }

// fullness is how much waits of what may wait: above 1 is too much.
func (q *queue) fullness(items int) float64 {
	return max(float64(q.weight)/queueBytes, float64(q.length())/float64(items))
}

// drop takes the first n items away. An empty queue keeps no memory: most
// subscriptions have nothing to send most of the time.
func (q *queue) drop(n int) {
	for i := range n {
		sent := &q.items[q.first+i]
		q.bytes -= sent.size()
		q.weight -= sent.weight()
		*sent = item{}
	}
	q.first += n
	switch {
	case q.empty():
		*q = queue{}
	case q.first > len(q.items)/2:
		q.compact()
	}
}

// compact gives back the places of what was sent: a queue that is never empty
// must not grow with all that ever passes through it. Less is moved than was
// sent.
func (q *queue) compact() {
	rest := q.rest()
	if cap(q.items) > smallQueue && cap(q.items) > 4*len(rest) {
		q.items = slices.Clone(rest) // and the room that a burst took
	} else {
		n := copy(q.items, rest)
		clear(q.items[n:])
		q.items = q.items[:n]
	}
	q.first = 0
}

func (q *queue) clear() { *q = queue{} }
