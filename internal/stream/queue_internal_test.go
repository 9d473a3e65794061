package stream

import (
	"errors"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

var (
	tenantOfNobody presence.TenantID
	agentNobody    presence.AgentID
)

// eventsOf are so many events of a size.
func eventsOf(n, size int) []item {
	events := make([]item, n)
	for i := range events {
		events[i] = item{kind: anEvent, whole: true, seq: store.Seq(i + 1), encoded: make([]byte, size)}
	}
	return events
}

// A watcher of a busy floor always has something that waits.
func TestQueue_ThatIsNeverEmptyDoesNotGrow(t *testing.T) {
	t.Parallel()
	var q queue
	q.add(eventsOf(3, 10))
	for n := range 200_000 {
		q.add(eventsOf(1+n%2, 10))
		q.drop(1 + n%2)
		if q.length() != 3 || q.bytes != 30 {
			t.Fatalf("after %d rounds %d items of %d bytes wait", n, q.length(), q.bytes)
		}
	}
	if places := cap(q.items); places > smallQueue {
		t.Errorf("3 items take %d places", places)
	}
}

func TestQueue_GivesBackTheRoomOfABurst(t *testing.T) {
	t.Parallel()
	var q queue
	q.add(eventsOf(queueItems, 1))
	for q.length() > 2 {
		q.drop(1)
	}
	if places := cap(q.items); places > 4*smallQueue {
		t.Errorf("after a burst 2 items take %d places", places)
	}
}

func TestQueue_KeepsTheOrderOfWhatPassesThrough(t *testing.T) {
	t.Parallel()
	var q queue
	all := eventsOf(5000, 1)
	var next store.Seq
	for rest := all; len(rest) > 0 || !q.empty(); {
		n := min(len(rest), 7)
		q.add(rest[:n])
		rest = rest[n:]
		for range min(q.length(), 5) {
			if next++; q.head().seq != next {
				t.Fatalf("item %d comes as number %d", q.head().seq, next)
			}
			q.drop(1)
		}
	}
	if next != 5000 {
		t.Errorf("%d items came through", next)
	}
}

func TestQueue_HoldsFourMebibytesAndNoMore(t *testing.T) {
	t.Parallel()
	s := &Subscription{feed: newFeed(New(Options{}), tenantOfNobody, nil)}
	s.push(eventsOf(64, 64<<10))
	if bytes, items := s.feed.streams.Queued(), s.feed.streams.QueuedItems(); bytes != 4<<20 || items != 64 || s.fullness() != 1 {
		t.Fatalf("%d bytes in %d items are queued, %.2f of what may", bytes, items, s.fullness())
	}
	if frame, _, err := s.Next(t.Context(), nil); err != nil || len(frame) == 0 {
		t.Fatalf("a full queue gives %d bytes, %v", len(frame), err)
	}
	s.push(eventsOf(1, 64<<10))
	s.push(eventsOf(1, 1))
	if _, _, err := s.Next(t.Context(), nil); !errors.Is(err, ErrSlow) {
		t.Errorf("beyond the bound: %v", err)
	}
	if bytes, items := s.feed.streams.Queued(), s.feed.streams.QueuedItems(); bytes != 0 || items != 0 {
		t.Errorf("%d bytes in %d items wait for nobody", bytes, items)
	}
}

// How large a floor is must not decide whether it can be watched.
func TestQueue_HoldsTheSnapshotOfAnyTenant(t *testing.T) {
	t.Parallel()
	large := item{kind: aSnapshot, seq: 1, snapshot: newSnapshot(make([][]byte, 1_000_000))}
	s := &Subscription{feed: newFeed(New(Options{}), tenantOfNobody, nil)}
	s.push([]item{large})
	s.push(eventsOf(1000, 1000)) // while it is being sent
	s.push([]item{large})        // the directory has changed
	if frame, _, err := s.Next(t.Context(), nil); err != nil || len(frame) == 0 {
		t.Fatalf("the snapshot gives %d bytes, %v", len(frame), err)
	}
	for range 3 {
		s.push([]item{large})
	}
	if _, _, err := s.Next(t.Context(), nil); !errors.Is(err, ErrSlow) {
		t.Errorf("with five of the largest snapshots: %v", err)
	}
}

// What waits is told as it will be sent, also of a snapshot's rows.
func TestStreams_TellHowMuchWaits(t *testing.T) {
	t.Parallel()
	streams := New(Options{QueueItems: 100})
	f := newFeed(streams, tenantOfNobody, nil)
	streams.feeds[f.tenant] = f
	s := &Subscription{feed: f}
	s.own = &own{subs: []*Subscription{s}}
	f.owns[agentNobody] = s.own
	s.push([]item{{kind: aSnapshot, seq: 1, snapshot: newSnapshot([][]byte{make([]byte, 700), make([]byte, 300)})}})
	s.push(eventsOf(24, 10))
	if bytes, items := streams.Queued(), streams.QueuedItems(); bytes != 1240 || items != 25 {
		t.Errorf("%d bytes in %d items", bytes, items)
	}
	if got := streams.Fullest(); got != 0.25 {
		t.Errorf("the fullest queue is %.2f full", got)
	}
	s.Close()
	if bytes, items := streams.Queued(), streams.QueuedItems(); bytes != 0 || items != 0 || streams.Fullest() != 0 {
		t.Errorf("after it %d bytes in %d items, %.2f full", bytes, items, streams.Fullest())
	}
}
