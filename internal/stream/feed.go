package stream

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// readLimit is how many records are read at once. It is far more than a change
// has.
const readLimit = 512

// feed hands a tenant's log on to its subscriptions.
type feed struct {
	streams *Streams
	tenant  presence.TenantID
	reader  *reader

	advancing sync.Mutex // held by whoever reads the log on or opens the feed
	loading   sync.Mutex // held by whoever loads the floor

	mu     sync.Mutex // guards the fields below and what they point to
	opened bool
	log    store.Epoch
	at     store.Seq // every record up to this one has been handed on
	owns   map[presence.AgentID]*own
	floor  *floor // nil until somebody watches it
}

func newFeed(s *Streams, tenant presence.TenantID, r *reader) *feed {
	return &feed{streams: s, tenant: tenant, reader: r, owns: make(map[presence.AgentID]*own)}
}

// open begins the feed at the log's head, once.
func (f *feed) open(ctx context.Context) error {
	if f.isOpen() {
		return nil
	}
	f.advancing.Lock()
	defer f.advancing.Unlock()
	if f.isOpen() {
		return nil
	}
	head, err := f.streams.storage.Head(ctx, f.tenant)
	if err != nil {
		return fmt.Errorf("read the head of the log: %w", err)
	}
	f.mu.Lock()
	f.opened, f.log, f.at = true, head.Epoch, head.Seq
	f.mu.Unlock()
	f.reader.look(f) // at what was announced before there was a place to begin
	return nil
}

func (f *feed) isOpen() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.opened
}

// advance reads the log on to its end and hands on what it reads.
func (f *feed) advance(ctx context.Context) error {
	f.advancing.Lock()
	defer f.advancing.Unlock()
	f.mu.Lock()
	opened, at := f.opened, f.at
	f.mu.Unlock()
	for opened {
		records, err := f.streams.storage.Records(ctx, f.tenant, at, readLimit)
		if err != nil {
			return fmt.Errorf("read the log after %d: %w", at, err)
		}
		if len(records) == 0 {
			return nil
		}
		full := len(records) == readLimit
		if full {
			records = wholeChanges(records)
		}
		at = records[len(records)-1].Seq
		f.handOn(records)
		if !full {
			return nil // whoever commits after this wakes the reader again
		}
	}
	return nil
}

// reach reads the log on until a number that is committed.
func (f *feed) reach(ctx context.Context, seq store.Seq) error {
	if err := f.advance(ctx); err != nil {
		return err
	}
	if at := f.position(); at < seq {
		return fmt.Errorf("the log of tenant %s ends at %d, before its head %d", f.tenant, at, seq)
	}
	return nil
}

func (f *feed) position() store.Seq {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
}

// wholeChanges cuts off the last change of a full page, which may go on with the
// next.
func wholeChanges(records []store.Record) []store.Record {
	last := len(records) - 1
	begin := last
	for begin > 0 && sameChange(records[begin-1], records[last]) {
		begin--
	}
	if begin == 0 {
		return records
	}
	return records[:begin]
}

// sameChange reports whether two records next to each other may come from one
// command. Two commands of one agent within a millisecond look the same; keeping
// them together does no harm.
func sameChange(a, b store.Record) bool {
	return a.Key == b.Key && a.Event.At == b.Event.At
}

// endsChange reports whether a record is the last of its change.
func endsChange(records []store.Record, i int) bool {
	return i+1 == len(records) || !sameChange(records[i], records[i+1])
}

// handOn queues records with those who see them.
func (f *feed) handOn(records []store.Record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for rest := records; len(rest) > 0; {
		change := firstChange(rest)
		rest = rest[len(change):]
		if o := f.owns[change[0].Key.Agent]; o != nil {
			o.follow(f, change)
		}
	}
	if f.floor != nil {
		f.floor.follow(f, records)
	}
	newest := records[len(records)-1]
	f.at = newest.Seq
	f.streams.observer.Lag(time.Since(newest.Event.At.Time()))
}

// firstChange is the change that records begin with.
func firstChange(records []store.Record) []store.Record {
	n := 1
	for n < len(records) && sameChange(records[n-1], records[n]) {
		n++
	}
	return records[:n]
}

// isAhead reports whether a cursor of this log lies beyond what was committed.
// One beyond the feed need not: on another server a client may have seen more.
func (f *feed) isAhead(ctx context.Context, seq store.Seq) (bool, error) {
	if seq <= f.position() {
		return false, nil
	}
	head, err := f.streams.storage.Head(ctx, f.tenant)
	if err != nil {
		return false, fmt.Errorf("read the head of the log: %w", err)
	}
	return seq > head.Seq, nil
}

// fullest is how full the fullest queue is of those who watch.
func (f *feed) fullest() float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	var fullest float64
	look := func(subs []*Subscription) {
		for _, s := range subs {
			fullest = max(fullest, s.fullness())
		}
	}
	for _, o := range f.owns {
		look(o.subs)
	}
	if f.floor != nil {
		for _, set := range f.floor.sets {
			look(set.subs)
		}
	}
	return fullest
}

// detach takes a subscription out of what it watches and reports whether it was
// there. The caller holds the lock.
func (f *feed) detach(s *Subscription) bool {
	switch {
	case s.own != nil:
		return s.own.remove(s)
	case s.set != nil:
		return f.floor.remove(s)
	}
	return false
}

// abandon takes back what did not become a subscription.
func (f *feed) abandon(s *Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.detach(s)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
}
