package streamtest

import (
	"errors"
	"fmt"
)

// Check runs all six guarantees. The error tells of each that does not hold where
// and how it was first broken.
func Check(truth Truth, seen Seen) error {
	var broken []error
	for _, guarantee := range []struct {
		name string
		err  error
	}{
		{"ordered", Ordered(seen)},
		{"unique", Unique(seen)},
		{"gap-free", GapFree(truth, seen)},
		{"atomic", Atomic(truth, seen)},
		{"resumable", Resumable(truth, seen)},
		{"bookmarkable", Bookmarkable(truth, seen)},
	} {
		if guarantee.err != nil {
			broken = append(broken, fmt.Errorf("not %s: %w", guarantee.name, guarantee.err))
		}
	}
	return errors.Join(broken...)
}

// judge works out what a view shows, each epoch once.
type judge struct {
	truth  Truth
	view   View
	epochs map[string]*shown
}

func newJudge(truth Truth, view View) *judge {
	return &judge{truth: truth, view: view, epochs: make(map[string]*shown)}
}

// at is what the view shows in a cursor's epoch, or an error for a cursor that is
// no place in it.
func (j *judge) at(cursor Cursor) (*shown, error) {
	s, ok := j.epochs[cursor.Epoch]
	if !ok {
		if s, ok = j.truth.show(j.view, cursor.Epoch); !ok {
			return nil, fmt.Errorf("cursor %s is of an epoch that never was", cursor)
		}
		j.epochs[cursor.Epoch] = s
	}
	if cursor.Seq > s.head {
		return nil, fmt.Errorf("cursor %s lies beyond the log, which ends at %d", cursor, s.head)
	}
	return s, nil
}
