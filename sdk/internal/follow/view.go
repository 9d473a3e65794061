package follow

import (
	"encoding/json"

	"github.com/muster-presence/muster/api"
)

// view is what a client holds of its view from one connection to the next.
type view struct {
	cursor cursor
	digest *digest // nil in a view that has no sums
}

func newView(kind api.View) view {
	if kind == api.ViewFloor {
		return view{digest: new(digest)}
	}
	return view{}
}

// forget makes the view begin with a snapshot.
func (v *view) forget() { v.cursor = cursor{} }

// agrees reports whether the rows add up to what a beat says, as far as that can be told.
func (v *view) agrees(beat frame) bool {
	if v.digest == nil || v.digest.blind || beat.Sum == nil || beat.Seq == nil || v.cursor.isZero() || *beat.Seq != v.cursor.seq {
		return true
	}
	return int64(v.digest.total) == *beat.Sum
}

// snapshot is one that comes in parts.
type snapshot struct {
	at   cursor
	part int // the last that has come, 0 for none
	rows []json.RawMessage
}

// add takes a part, and reports whether it follows on the one before.
func (s *snapshot) add(f frame) bool {
	if f.Part == 1 {
		*s = snapshot{at: f.Cursor}
	}
	if f.Part != s.part+1 || f.Cursor != s.at || f.Cursor.isZero() {
		return false
	}
	s.part, s.rows = f.Part, append(s.rows, f.Rows...)
	return true
}
