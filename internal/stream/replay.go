package stream

import (
	"context"
	"fmt"

	"github.com/muster-presence/muster/internal/store"
)

// replay is the part of the floor's log that a client missed. It is read page by
// page, as the client takes it.
type replay struct {
	feed   *feed
	floor  *floor // as it was when the client resumed: names and groups as the client has them
	set    *visibleSet
	after  store.Seq // records up to here are read
	upTo   store.Seq // and up to here they are to be
	prev   store.Seq // number of the event before
	events []item    // read and not sent
}

func (r *replay) done() bool { return r.after >= r.upTo }

// read reads the next page.
func (r *replay) read(ctx context.Context) error {
	f := r.feed
	if err := f.streams.enter(ctx); err != nil {
		return err
	}
	defer f.streams.leave()
	records, err := f.streams.storage.Records(ctx, f.tenant, r.after, readLimit)
	if err != nil {
		return fmt.Errorf("read what a client missed: %w", err)
	}
	if len(records) == readLimit {
		records = wholeChanges(records)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, record := range records {
		if record.Seq <= r.upTo && record.After.RowVersion == record.Event.Version {
			r.take(record)
		}
		if n := len(r.events); n > 0 && endsChange(records, i) {
			r.events[n-1].whole = true
		}
	}
	if n := len(records); n > 0 && records[n-1].Seq < r.upTo {
		r.after = records[n-1].Seq
	} else {
		r.after = r.upTo
	}
	return nil
}

// take makes an event of a record, if the set sees its agent. The caller holds
// the feed's lock.
func (r *replay) take(record store.Record) {
	l := r.floor
	now := l.rows[record.Key.Agent]
	if now == nil || !r.set.sees(now) {
		return
	}
	then := &row{FloorRow: now.FloorRow}
	then.Agent = record.After.SeenByOthers()
	r.events = append(r.events, item{
		kind: anEvent, seq: record.Seq, encoded: encodeEvent(record.Seq, r.prev, l.message(then)),
	})
	r.prev = record.Seq
}
