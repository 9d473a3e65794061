package stream

import "github.com/muster-presence/muster/internal/store"

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
)

// size is how much of the queue's bound an item takes.
func (i item) size() int {
	if i.snapshot != nil {
		return len(i.snapshot.rows) * 24 // the rows themselves are the floor's
	}
	return len(i.encoded)
}

// queue is what waits for a client.
type queue struct {
	items []item
	first int // of items; those before are sent
	bytes int
}

func (q *queue) empty() bool  { return q.first == len(q.items) }
func (q *queue) length() int  { return len(q.items) - q.first }
func (q *queue) head() *item  { return &q.items[q.first] }
func (q *queue) rest() []item { return q.items[q.first:] }

func (q *queue) add(items []item) {
	for _, i := range items {
		q.bytes += i.size()
	}
	q.items = append(q.items, items...)
}

// fits reports whether no more waits than may wait, so many items at most.
func (q *queue) fits(items int) bool { return q.bytes <= queueBytes && q.length() <= items }

// drop takes the first n items away. An empty queue keeps no memory: most
// subscriptions have nothing to send most of the time.
func (q *queue) drop(n int) {
	for i := range n {
		sent := &q.items[q.first+i]
		q.bytes -= sent.size()
		*sent = item{}
	}
	q.first += n
	if q.empty() {
		*q = queue{}
	}
}

func (q *queue) clear() { *q = queue{} }
