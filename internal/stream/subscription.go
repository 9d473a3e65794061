package stream

import (
	"context"
	"sync"
	"time"

	"github.com/muster-presence/muster/internal/store"
)

const (
	// frameBytes is about how large a frame gets; a change that is larger makes a
	// larger one.
	frameBytes = 64 << 10
	// markAfter is how long a quiet view's cursor stays where it is before a mark
	// goes with the next beat. With the longest time between two beats, 30 s, that
	// is less than a minute.
	markAfter = 25 * time.Second
)

// Subscription is a client's view of a tenant's log. Its methods may be called
// at once, but Next by one caller at a time.
type Subscription struct {
	feed    *feed
	floor   bool
	wake    func()
	welcome Cursor

	// set is what a floor subscription sees, own a self subscription's agent; the
	// feed's lock guards what they point to.
	set *visibleSet
	own *own

	mu      sync.Mutex // guards the fields below
	queue   queue
	asleep  bool      // Next had nothing: wake must be called
	closed  bool      // nothing is queued any more
	slow    bool      // and why: the queue was full
	skip    store.Seq // events up to here are known to the client
	told    store.Seq // what the client holds when all of the queue is sent
	toldAt  time.Time // when that was queued
	epoch   string    // of what was sent last
	parts   int       // of the snapshot at the head, sent so far
	rowsOut int       // of its rows
}

// Welcome is the cursor for the welcome frame: the one that was asked for if the
// view is resumed from it, another if a snapshot follows.
func (s *Subscription) Welcome() Cursor { return s.welcome }

// Next appends the next frame to buf; if nothing is appended, there is nothing to
// send, and wake will be called when there is. The cursor is what the client holds
// after the frame, zero where the frame does not move it. Errors are [ErrSlow],
// those of the store and of ctx.
func (s *Subscription) Next(ctx context.Context, buf []byte) (frame []byte, cursor Cursor, err error) {
	for {
		frame, cursor, missed, err := s.take(buf)
		if missed == nil {
			return frame, cursor, err
		}
		// The lock is not held while the store is read. Nobody else touches the
		// head of the queue meanwhile: Next has one caller.
		if err := missed.read(ctx); err != nil {
			return buf, Cursor{}, err
		}
	}
}

// take is Next without reading: it returns the replay of which a page must be read
// first, nil if none.
func (s *Subscription) take(buf []byte) (frame []byte, cursor Cursor, missed *replay, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if s.slow {
			return buf, Cursor{}, nil, ErrSlow
		}
		if s.queue.empty() {
			s.asleep = true
			return buf, Cursor{}, nil, nil
		}
		switch replay := s.queue.head().replay; {
		case replay == nil:
			frame, cursor = s.appendHead(buf)
			return frame, cursor, nil, nil
		case len(replay.events) > 0:
			frame, cursor = s.appendReplay(buf, replay)
			return frame, cursor, nil, nil
		case !replay.done():
			return buf, Cursor{}, replay, nil
		}
		s.drop(1) // the replay is done
	}
}

// appendHead appends a frame made of the head of the queue and whatever goes with
// it.
func (s *Subscription) appendHead(buf []byte) ([]byte, Cursor) {
	switch head := s.queue.head(); head.kind {
	case anEvent:
		return s.appendEvents(buf)
	case aMark:
		s.epoch = head.epoch
		cursor := Cursor{Epoch: s.epoch, Seq: head.seq}
		s.drop(1)
		return appendMark(buf, cursor), cursor
	case aBeat:
		b := head.beat
		s.drop(1)
		return appendBeat(buf, b), Cursor{}
	default:
		return s.appendSnapshot(buf, head)
	}
}

// appendEvents puts whatever events have gathered into one frame.
func (s *Subscription) appendEvents(buf []byte) ([]byte, Cursor) {
	buf, n, seq := appendFrame(buf, s.queue.rest())
	s.drop(n)
	return buf, Cursor{Epoch: s.epoch, Seq: seq}
}

// appendReplay is appendEvents for a page of a replay.
func (s *Subscription) appendReplay(buf []byte, r *replay) ([]byte, Cursor) {
	buf, n, seq := appendFrame(buf, r.events)
	r.events = r.events[n:]
	return buf, Cursor{Epoch: s.epoch, Seq: seq}
}

// appendFrame appends a frame of the events that items begin with, as long as it
// does not get too large; it ends with a whole change. It returns how many there
// are, and the last one's number.
func appendFrame(buf []byte, items []item) (frame []byte, n int, seq store.Seq) {
	buf = append(buf, eventsHead...)
	began := len(buf)
	for _, i := range items {
		if i.kind != anEvent {
			break
		}
		if n > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, i.encoded...)
		seq = i.seq
		n++
		if i.whole && len(buf)-began >= frameBytes {
			break
		}
	}
	return append(buf, listTail...), n, seq
}

// appendSnapshot appends a part of a snapshot. Only its last part moves the
// client's cursor.
func (s *Subscription) appendSnapshot(buf []byte, head *item) ([]byte, Cursor) {
	rows, cursor := head.snapshot.rows, Cursor{Epoch: head.epoch, Seq: head.seq}
	end, size := s.rowsOut, 0
	for end < len(rows) && (size == 0 || size+len(rows[end]) <= frameBytes) {
		size += len(rows[end])
		end++
	}
	s.parts++
	last := end == len(rows)
	buf = appendSnapshotHead(buf, cursor, s.parts, last)
	for i, row := range rows[s.rowsOut:end] {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, row...)
	}
	buf = append(buf, listTail...)
	s.rowsOut = end
	if !last {
		return buf, Cursor{}
	}
	s.parts, s.rowsOut, s.epoch = 0, 0, cursor.Epoch
	s.drop(1)
	return buf, cursor
}

// drop takes what was sent out of the queue.
func (s *Subscription) drop(n int) {
	defer s.count(s.queue.bytes, s.queue.length())
	s.queue.drop(n)
}

// Beat queues a question whether the client is there, and with it a mark if the
// view has been quiet for long.
func (s *Subscription) Beat(n uint64) {
	f := s.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	s.mu.Lock()
	told, quiet := s.told, time.Since(s.toldAt) >= markAfter
	s.mu.Unlock()
	var items []item
	if quiet && f.at > told {
		told = f.at
		items = append(items, item{kind: aMark, seq: told, epoch: s.viewEpoch()})
	}
	b := beat{n: n}
	if s.set != nil && told <= f.at { // a client that has seen more elsewhere has other rows
		b.digested, b.seq, b.sum = true, told, s.set.sum
	}
	s.push(append(items, item{kind: aBeat, beat: b}))
}

// viewEpoch is the epoch of the view's cursors now. The caller holds the feed's
// lock.
func (s *Subscription) viewEpoch() string {
	if s.set != nil {
		return s.set.epoch
	}
	return s.own.epoch
}

// Close ends the subscription. It is idempotent.
func (s *Subscription) Close() {
	f := s.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.detach(s) {
		return
	}
	f.streams.watchers(s.floor).Add(-1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
}

// push queues items, in their order; events that the client knows are left out.
// The caller holds the feed's lock.
func (s *Subscription) push(items []item) {
	if s.queued(items) && s.wake != nil {
		s.wake()
	}
}

// queued reports whether somebody must be woken.
func (s *Subscription) queued(items []item) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(items) > 0 && items[0].kind == anEvent && items[0].seq <= s.skip {
		items = items[1:]
	}
	if s.closed || len(items) == 0 {
		return false
	}
	s.put(items)
	if !s.queue.fits(s.feed.streams.queueItems) {
		s.end()
		s.slow = true
		s.feed.streams.observer.Overflowed()
	}
	for _, i := range items {
		if i.kind != aBeat && i.seq > 0 {
			s.told, s.toldAt = i.seq, time.Now()
		}
	}
	asleep := s.asleep
	s.asleep = false
	return asleep
}

// put appends to the queue.
func (s *Subscription) put(items []item) {
	defer s.count(s.queue.bytes, s.queue.length())
	s.queue.add(items)
}

// replace makes items all that waits.
func (s *Subscription) replace(items []item) {
	defer s.count(s.queue.bytes, s.queue.length())
	s.queue.clear()
	s.queue.add(items)
}

// end lets nothing more into the queue and gives back what it holds.
func (s *Subscription) end() {
	defer s.count(s.queue.bytes, s.queue.length())
	s.closed = true
	s.queue.clear()
}

// count tells the streams how the queue has changed since it held so much.
func (s *Subscription) count(bytes, items int) {
	s.feed.streams.queuedBytes.Add(int64(s.queue.bytes - bytes))
	s.feed.streams.queuedItems.Add(int64(s.queue.length() - items))
}

// fullness is how much waits for the client of what may wait.
func (s *Subscription) fullness() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue.fullness(s.feed.streams.queueItems)
}
