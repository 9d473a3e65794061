package streamtest

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/store"
)

// Ordered promises that on a connection the numbers of events, marks and
// snapshots never fall within an epoch.
func Ordered(seen Seen) error {
	return seen.frames(func(at place, before, _ Cursor, f Frame) error {
		switch f.Type {
		case api.FrameTypeMark, api.FrameTypeSnapshot:
			if f.Cursor.Epoch == before.Epoch && f.Cursor.Seq < before.Seq {
				return at.complain("a %s goes back from %d to %d", f.Type, before.Seq, f.Cursor.Seq)
			}
		case api.FrameTypeEvents:
			last := before.Seq
			for _, e := range f.Events {
				if e.Seq < last {
					return at.complain("event %d comes after %d", e.Seq, last)
				}
				last = e.Seq
			}
		}
		return nil
	})
}

// Unique promises that no event comes which the client has already, as an event,
// in a snapshot, or because it lies before where the client resumed.
func Unique(seen Seen) error {
	for i, c := range seen.Connections {
		var epoch string
		var upTo store.Seq // the client began with all up to here
		came := make(map[store.Seq]place)
		err := c.frames(i+1, func(at place, before, after Cursor, f Frame) error {
			if f.Type == api.FrameTypeWelcome || after.Epoch != epoch {
				epoch, upTo = after.Epoch, after.Seq
				clear(came)
			}
			for _, e := range f.Events {
				if first, twice := came[e.Seq]; twice {
					return at.complain("event %d has come already: %s", e.Seq, first)
				}
				if e.Seq <= upTo {
					return at.complain("event %d comes, and the client began at %d", e.Seq, upTo)
				}
				came[e.Seq] = at
			}
			if f.Type == api.FrameTypeSnapshot && f.Last {
				upTo = after.Seq
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// GapFree promises that each event is the view's next one after what the client
// has, and says so: nothing of the view lies between, and nothing else comes.
func GapFree(truth Truth, seen Seen) error {
	judge := newJudge(truth, seen.View)
	return seen.frames(func(at place, before, _ Cursor, f Frame) error {
		if f.Type != api.FrameTypeEvents {
			return nil
		}
		if len(f.Events) == 0 {
			return at.complain("a frame of events has none")
		}
		if before.IsZero() {
			return at.complain("event %d comes while the client has nothing that it could follow on", f.Events[0].Seq)
		}
		view, err := judge.at(before)
		if err != nil {
			return at.complain("%v", err)
		}
		has := before.Seq
		for _, e := range f.Events {
			if e.Seq <= has {
				continue // see Ordered and Unique
			}
			if err := view.follows(at, has, e); err != nil {
				return err
			}
			has = e.Seq
		}
		return nil
	})
}

// follows checks an event that comes to a client which has all up to a number.
func (s *shown) follows(at place, has store.Seq, e Event) error {
	r, ok := s.event(e.Seq)
	if !ok {
		return at.complain("event %d is none of the view's", e.Seq)
	}
	if missing, ok := s.between(has, e.Seq); ok {
		return at.complain("event %d comes after %d, and event %d is missing", e.Seq, has, missing)
	}
	if e.Prev > has {
		return at.complain("event %d says that it follows on %d, the client has all up to %d", e.Seq, e.Prev, has)
	}
	if hidden, ok := s.between(e.Prev, e.Seq); ok {
		return at.complain("event %d says that it follows on %d, and event %d lies between", e.Seq, e.Prev, hidden)
	}
	want, err := s.message(r)
	if err != nil {
		return at.complain("event %d: %v", e.Seq, err)
	}
	got, err := canonical(e.Message)
	if err != nil || got != want {
		return at.complain("the message of event %d is %s, want %s", e.Seq, e.Message, want)
	}
	return nil
}
