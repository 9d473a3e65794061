package history

import (
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Fold goes one record further with an agent's intervals. Open is the interval
// that had not ended before the record, nil if there was none, and is left as it
// is; next is the one that has not ended after it. Closed are those that ended
// with it, rising; what would have no length is left out.
//
// A server's stop puts the open interval in doubt from the time its agent was
// last heard ([store.Interval.UnvouchedSince]). If the agent is heard again
// before anything else happens, it was there all along and the doubt is gone
// without a trace. Otherwise the time in doubt becomes an interval of its own,
// [store.IntervalUnknown].
func Fold(open *store.Interval, r store.Record) (closed []store.Interval, next *store.Interval) {
	session := r.After.Session
	if session == nil || session.Silent {
		return end(open, r.Event.At), nil
	}
	now := begin(r)
	if open == nil {
		return nil, &now
	}
	if alike(open, &now) {
		continued := doubt(*open, r)
		return nil, &continued
	}
	if _, held := r.Event.Change.(presence.Held); !held && open.UnvouchedSince != 0 {
		// Somebody else changed the agent: whether it is there is still unknown.
		// A hold says itself that it is not.
		now.UnvouchedSince = now.From
	}
	return end(open, r.Event.At), &now
}

// begin returns the interval that begins with a record, if one does.
func begin(r store.Record) store.Interval {
	return store.Interval{
		Key:       r.Key,
		Session:   r.After.Session.ID,
		From:      r.Event.At,
		State:     store.IntervalState(r.After.State()),
		Reason:    r.After.Reason(),
		Direction: r.After.Session.Direction,
		Cause:     r.Event.By.Cause,
	}
}

// alike reports whether two intervals tell the same of the same session, so that
// the second only continues the first.
func alike(a, b *store.Interval) bool {
	return a.Session == b.Session && a.State == b.State && a.Reason == b.Reason && a.Direction == b.Direction
}

// doubt puts an interval that goes on in doubt, or ends the doubt. A hold is
// never in doubt: it says already that the agent is not there.
func doubt(open store.Interval, r store.Record) store.Interval {
	switch change := r.Event.Change.(type) {
	case presence.LeaseTaken:
		if open.UnvouchedSince == 0 && r.After.Session.Held == nil {
			open.UnvouchedSince = min(max(change.HeardAt, open.From), r.Event.At)
		}
	case presence.ConnectionChanged:
		if change.Connection == presence.Live {
			open.UnvouchedSince = 0
		}
	}
	return open
}

// end ends an interval: the part that can be vouched for as it was, the rest as
// unknown.
func end(open *store.Interval, at presence.Instant) []store.Interval {
	if open == nil {
		return nil
	}
	var closed []store.Interval
	for _, part := range parts(*open) {
		if part.To == 0 {
			part.To = at
		}
		if part.To > part.From {
			closed = append(closed, part)
		}
	}
	return closed
}

// parts returns an open interval as what can be said of it now: the part that
// can be vouched for, if there is one, and the open rest. Any other interval is
// its only part.
func parts(i store.Interval) []store.Interval {
	since := i.UnvouchedSince
	if since == 0 {
		return []store.Interval{i}
	}
	unknown := store.Interval{
		Key:       i.Key,
		Session:   i.Session,
		From:      since,
		State:     store.IntervalUnknown,
		Direction: i.Direction,
		Cause:     presence.BySystem,
	}
	if since == i.From {
		return []store.Interval{unknown}
	}
	vouched := i
	vouched.To, vouched.UnvouchedSince = since, 0
	return []store.Interval{vouched, unknown}
}
