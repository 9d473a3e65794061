package streamtest

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/store"
)

// Atomic promises that the client never has a part of a change, and that a
// snapshot comes as a whole: all of its parts, with nothing but beats between.
func Atomic(truth Truth, seen Seen) error {
	judge := newJudge(truth, seen.View)
	for i, c := range seen.Connections {
		var open Frame // the newest part of an unfinished snapshot
		err := c.frames(i+1, func(at place, before, after Cursor, f Frame) error {
			if err := followsPart(at, open, f); err != nil {
				return err
			}
			switch f.Type {
			case api.FrameTypeBeat, api.FrameTypeWelcome, api.FrameTypeClose:
				return nil
			case api.FrameTypeSnapshot:
				if open = f; !f.Last {
					return nil
				}
				open = Frame{}
			}
			if after.IsZero() {
				return nil
			}
			view, err := judge.at(after)
			if err != nil {
				return nil // no place at all is for the other guarantees to tell
			}
			if first, last, ok := view.splits(after.Seq); ok {
				return at.complain("the client is left at %d, inside of the change from %d to %d", after.Seq, first, last)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// followsPart checks what comes behind a part of a snapshot. Part 1 may begin
// another one.
func followsPart(at place, open, f Frame) error {
	switch f.Type {
	case api.FrameTypeSnapshot:
		if f.Part == 1 {
			return nil
		}
		if f.Part != open.Part+1 {
			return at.complain("part %d of a snapshot follows on part %d", f.Part, open.Part)
		}
		if f.Cursor != open.Cursor {
			return at.complain("part %d of a snapshot is of %s, the one before of %s", f.Part, f.Cursor, open.Cursor)
		}
	case api.FrameTypeEvents, api.FrameTypeMark:
		if open.Part > 0 {
			return at.complain("a frame of type %s comes inside of a snapshot, after part %d", f.Type, open.Part)
		}
	}
	return nil
}

// splits finds the change of which the view shows events on both sides of a
// number.
func (s *shown) splits(seq store.Seq) (first, last store.Seq, ok bool) {
	i := s.after(seq)
	if i == 0 || i == len(s.events) || s.events[i-1].first != s.events[i].first {
		return 0, 0, false
	}
	return s.events[i].first, s.events[i].last, true
}
