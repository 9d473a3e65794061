package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// replayFloor is how many records at least are replayed rather than sending a
// snapshot; on a large floor it is as many as there are rows.
const replayFloor = 1000

// subscribeFloor attaches a subscription to the floor.
func (f *feed) subscribeFloor(ctx context.Context, s *Subscription, group string, after Cursor) error {
	if err := f.loadFloor(ctx); err != nil {
		return err
	}
	ahead, err := f.isAhead(ctx, after.Seq)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	l := f.floor
	set := l.set(group)
	s.set = set
	set.subs = append(set.subs, s)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told, s.toldAt = f.at, time.Now()
	if after.Epoch != set.epoch || ahead || after.Seq < f.at && f.at-after.Seq > store.Seq(max(replayFloor, len(l.rows))) {
		s.welcome = Cursor{Epoch: set.epoch, Seq: f.at}
		s.replace([]item{{kind: aSnapshot, seq: f.at, epoch: set.epoch, snapshot: l.snapshot(set)}})
		return nil
	}
	s.welcome, s.epoch = after, set.epoch
	if after.Seq < f.at {
		// The mark at the end brings the client to where it follows live: the
		// set's last event need not be the client's.
		s.replace([]item{
			{kind: aReplay, replay: &replay{feed: f, floor: l, set: set, after: after.Seq, upTo: f.at, prev: after.Seq}},
			{kind: aMark, seq: f.at, epoch: set.epoch},
		})
		return nil
	}
	s.skip, s.told = after.Seq, after.Seq
	return nil
}

// loadFloor reads every agent's row, once.
func (f *feed) loadFloor(ctx context.Context) error {
	if f.hasFloor() {
		return nil
	}
	f.loading.Lock()
	defer f.loading.Unlock()
	if f.hasFloor() {
		return nil
	}
	return f.readFloor(ctx)
}

func (f *feed) hasFloor() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.floor != nil && f.floor.epoch != ""
}

// readFloor reads the rows and puts them in the place of those there were. Rows
// are read page by page while agents change, so some are ahead of the feed: only
// when the feed has come as far are they the floor of one moment.
func (f *feed) readFloor(ctx context.Context) error {
	if err := f.streams.enter(ctx); err != nil {
		return err
	}
	defer f.streams.leave()
	f.noteChanges()
	revision, rows, err := f.readRows(ctx)
	if err != nil {
		f.forgetChanges()
		return err
	}
	head, err := f.streams.storage.Head(ctx, f.tenant)
	if err == nil {
		err = f.reach(ctx, head.Seq)
	}
	if err != nil {
		f.forgetChanges()
		return err
	}
	f.install(f.floorEpoch(revision), rows)
	return nil
}

// floorEpoch is the epoch of the floor's cursors at a revision of the directory.
func (f *feed) floorEpoch(revision int64) string { return fmt.Sprintf("%s.%d", f.log, revision) }

// readRows reads all rows, and the directory's revision that they are of.
func (f *feed) readRows(ctx context.Context) (revision int64, rows []store.FloorRow, err error) {
	const page = 1000
	for {
		if revision, err = f.streams.directory.Revision(ctx); err != nil {
			return 0, nil, fmt.Errorf("read the directory's revision: %w", err)
		}
		rows = rows[:0]
		query := store.FloorQuery{Limit: page}
		for {
			some, next, err := f.streams.storage.FloorRows(ctx, f.tenant, query)
			if err != nil {
				return 0, nil, fmt.Errorf("read the floor: %w", err)
			}
			rows = append(rows, some...)
			if query.After = next; next == "" {
				break
			}
		}
		again, err := f.streams.directory.Revision(ctx)
		if err != nil {
			return 0, nil, fmt.Errorf("read the directory's revision: %w", err)
		}
		if again == revision {
			return revision, rows, nil
		}
	}
}

// noteChanges begins to note who changes while rows are being read.
func (f *feed) noteChanges() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.floor == nil {
		f.floor = newFloor(f, "", nil)
	}
	f.floor.changed = make(map[presence.AgentID]presence.Agent)
}

func (f *feed) forgetChanges() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.floor.changed = nil
}

// install makes the rows that were read the floor. Whoever watches gets them as a
// snapshot if the directory changed anything of them.
func (f *feed) install(epoch string, rows []store.FloorRow) {
	f.mu.Lock()
	defer f.mu.Unlock()
	old := f.floor
	for i, r := range rows {
		if agent, ok := old.changed[r.AgentID]; ok && agent.RowVersion > r.Agent.RowVersion {
			rows[i].Agent = agent
		}
	}
	l := newFloor(f, epoch, rows)
	f.floor = l
	shown := !sameProfiles(old.order, l.order)
	for group, was := range old.sets {
		set := l.set(group)
		set.subs = was.subs
		if !shown {
			set.last = was.last
		}
		next := item{kind: aMark, seq: f.at, epoch: set.epoch}
		if shown {
			next = item{kind: aSnapshot, seq: f.at, epoch: set.epoch, snapshot: l.snapshot(set)}
		}
		for _, s := range set.subs {
			s.set = set
			s.push([]item{next})
		}
	}
}
