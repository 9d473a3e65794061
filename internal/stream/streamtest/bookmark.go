package streamtest

import (
	"maps"
	"slices"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/store"
)

// Bookmarkable promises that a mark tells the truth: the client has everything of
// the view up to it, and nothing up to it comes any more.
func Bookmarkable(truth Truth, seen Seen) error {
	judge := newJudge(truth, seen.View)
	for i, c := range seen.Connections {
		var mark Cursor // the newest one, or where the client resumed
		if c.resumed() {
			mark = c.From
		}
		err := c.frames(i+1, func(at place, before, after Cursor, f Frame) error {
			if after.Epoch != mark.Epoch {
				mark = Cursor{}
			}
			for _, e := range f.Events {
				if !mark.IsZero() && e.Seq <= mark.Seq {
					return at.complain("event %d comes after the mark at %d", e.Seq, mark.Seq)
				}
			}
			if f.Type != api.FrameTypeMark {
				return nil
			}
			mark = f.Cursor
			return judge.marks(at, before, f.Cursor)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// marks checks a mark that comes to a client which holds what before says.
func (j *judge) marks(at place, before, mark Cursor) error {
	if before.IsZero() {
		return at.complain("the mark at %s comes to a client that has nothing", mark)
	}
	view, err := j.at(mark)
	if err != nil {
		return at.complain("%v", err)
	}
	if missing, ok := view.between(before.Seq, mark.Seq+1); ok {
		return at.complain("the mark at %d comes to a client at %d, which has not got event %d", mark.Seq, before.Seq, missing)
	}
	if before.Epoch == mark.Epoch {
		return nil
	}
	old, err := j.at(before)
	if err != nil {
		return at.complain("%v", err)
	}
	if !maps.EqualFunc(old.profiles, view.profiles, sameProfile) {
		return at.complain("the mark at %s leads out of epoch %s, where other names and groups are shown", mark, before.Epoch)
	}
	return nil
}

func sameProfile(a, b store.FloorRow) bool {
	return a.Name == b.Name && slices.Equal(a.Groups, b.Groups)
}
