package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

const (
	// replayOwn is how many records of its own an agent is sent when it resumes;
	// for more, a snapshot is shorter.
	replayOwn = 256
	// lookBack is how many records are read at first to find an agent's last event;
	// it is nearly always one of them.
	lookBack = 2
)

// own is the self view of one agent, for all of its subscriptions. It stays when
// they are gone, so that whoever resumes and missed nothing reads nothing.
type own struct {
	epoch string    // of the view's cursors
	known bool      // last is right
	last  store.Seq // number of the view's last event, 0 before the first
	subs  []*Subscription
}

// follow shows a change of the agent. The caller holds the feed's lock.
func (o *own) follow(f *feed, change []store.Record) {
	var items []item
	for _, r := range change {
		if !r.Event.ShownToAgent() {
			continue
		}
		if len(o.subs) > 0 {
			items = append(items, f.ownEvent(r, o.last))
		}
		o.known, o.last = true, r.Seq
	}
	if len(items) == 0 {
		return
	}
	items[len(items)-1].whole = true
	for _, s := range o.subs {
		s.push(items)
	}
}

// remove reports whether the subscription was there.
func (o *own) remove(s *Subscription) bool {
	i := slices.Index(o.subs, s)
	if i < 0 {
		return false
	}
	o.subs = slices.Delete(o.subs, i, i+1)
	if len(o.subs) == 0 {
		o.subs = nil
	}
	return true
}

// ownEvent is a record as an event of the agent's own view.
func (f *feed) ownEvent(r store.Record, prev store.Seq) item {
	message, _ := wire.Message(r)
	encoded, err := json.Marshal(message)
	if err != nil { // a message of strings, numbers and known enums: cannot fail
		f.streams.log.Error("a message could not be encoded", "tenant", f.tenant, "seq", r.Seq, "error", err)
	}
	return item{kind: anEvent, seq: r.Seq, encoded: encodeEvent(r.Seq, prev, encoded)}
}

// subscribeSelf attaches a subscription to an agent's own view.
func (f *feed) subscribeSelf(ctx context.Context, s *Subscription, agent presence.AgentID, after Cursor) error {
	key := presence.Key{Tenant: f.tenant, Agent: agent}
	o, err := f.ownOf(ctx, key)
	if err != nil {
		return err
	}
	resumes := after.Epoch == o.epoch
	if resumes {
		ahead, err := f.isAhead(ctx, after.Seq)
		if err != nil {
			return err
		}
		resumes = !ahead
	}
	at, missed := f.attachOwn(s, o, after.Seq)
	if resumes {
		var events []item
		complete := true
		if missed {
			if events, complete, err = f.missedBySelf(ctx, key, after.Seq, at); err != nil {
				f.abandon(s)
				return err
			}
		}
		if complete {
			s.begin(after, after.Seq, events)
			return nil
		}
	}
	if err := f.snapshotSelf(ctx, s, key, at); err != nil {
		f.abandon(s)
		return err
	}
	return nil
}

// ownOf returns the agent's view with its last event known.
func (f *feed) ownOf(ctx context.Context, key presence.Key) (*own, error) {
	f.mu.Lock()
	o := f.owns[key.Agent]
	if o == nil {
		o = &own{epoch: of(f.log.String(), key.Agent.String())}
		f.owns[key.Agent] = o // from now on it follows
	}
	at, known := f.at, o.known
	f.mu.Unlock()
	if known {
		return o, nil
	}
	last, err := f.lastShown(ctx, key, at)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !o.known {
		o.known, o.last = true, last
	}
	return o, nil
}

// lastShown finds the number of the last event up to a number that the agent's
// own view shows; 0 if there is none.
func (f *feed) lastShown(ctx context.Context, key presence.Key, upTo store.Seq) (store.Seq, error) {
	if err := f.streams.enter(ctx); err != nil {
		return 0, err
	}
	defer f.streams.leave()
	for limit := lookBack; ; limit *= 8 {
		records, err := f.streams.storage.LatestOfAgent(ctx, key, limit)
		if err != nil {
			return 0, fmt.Errorf("read an agent's newest records: %w", err)
		}
		for _, r := range slices.Backward(records) {
			if r.Seq <= upTo && r.Event.ShownToAgent() {
				return r.Seq, nil
			}
		}
		if len(records) < limit {
			return 0, nil
		}
	}
}

// attachOwn lets the subscription follow from now on. It returns up to which
// record the feed has come, and whether the view has events after the client's.
func (f *feed) attachOwn(s *Subscription, o *own, known store.Seq) (at store.Seq, missed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s.own = o
	o.subs = append(o.subs, s)
	return f.at, o.last > known
}

// missedBySelf returns the events between a client's cursor and the place where
// it follows live, unless there are too many.
func (f *feed) missedBySelf(ctx context.Context, key presence.Key, after, upTo store.Seq) (events []item, complete bool, err error) {
	if err := f.streams.enter(ctx); err != nil {
		return nil, false, err
	}
	defer f.streams.leave()
	records, err := f.streams.storage.RecordsOfAgent(ctx, key, after, replayOwn)
	if err != nil {
		return nil, false, fmt.Errorf("read what an agent missed: %w", err)
	}
	prev := after // nothing of the view lies between the cursor and its next event
	for i, r := range records {
		if r.Seq > upTo {
			return events, true, nil
		}
		if r.Event.ShownToAgent() {
			events = append(events, f.ownEvent(r, prev))
			prev = r.Seq
		}
		if n := len(events); n > 0 && endsChange(records, i) {
			events[n-1].whole = true
		}
	}
	return events, len(records) < replayOwn, nil
}

// snapshotSelf begins with the agent as it was last committed. The subscription
// follows since seq; whatever the agent did up to there is committed.
func (f *feed) snapshotSelf(ctx context.Context, s *Subscription, key presence.Key, seq store.Seq) error {
	if err := f.streams.enter(ctx); err != nil {
		return err
	}
	newest, err := f.streams.storage.LatestOfAgent(ctx, key, 1)
	f.streams.leave()
	if err != nil {
		return fmt.Errorf("read an agent's newest record: %w", err)
	}
	var agent presence.Agent
	var last presence.Event
	committed := presence.InstantOf(time.Now())
	if len(newest) > 0 {
		agent, committed = newest[0].After, newest[0].Event.At
		if agent.Session == nil {
			last = newest[0].Event // says which session it was that ended
		}
		seq = max(seq, newest[0].Seq)
	}
	row, err := json.Marshal(wire.SelfRow(key, agent, last, committed))
	if err != nil {
		return fmt.Errorf("encode a snapshot: %w", err)
	}
	cursor := Cursor{Epoch: s.own.epoch, Seq: seq}
	s.begin(cursor, seq, []item{{
		kind: aSnapshot, seq: seq, epoch: cursor.Epoch, snapshot: newSnapshot([][]byte{row}),
	}})
	return nil
}

// begin puts what a subscription begins with before what has gathered since it
// was attached, without the events that the beginning covers.
func (s *Subscription) begin(welcome Cursor, covered store.Seq, items []item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.welcome, s.epoch = welcome, welcome.Epoch
	if n := len(items); n > 0 {
		items[n-1].whole = true
		covered = max(covered, items[n-1].seq)
	}
	s.skip = covered
	gathered := slices.DeleteFunc(slices.Clone(s.queue.rest()), func(i item) bool {
		return i.kind == anEvent && i.seq <= covered
	})
	s.replace(append(items, gathered...))
	s.told, s.toldAt = max(covered, s.told), time.Now()
}
