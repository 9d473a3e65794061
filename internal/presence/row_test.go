package presence

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// floorRow is what others see of an agent: a row of the floor, and how it ended.
type floorRow struct {
	Session                    SessionID
	State                      State
	Reason                     Reason
	StateSince, DirectionSince Instant
	Direction                  Direction
	Offerable                  bool
	Connection                 Connection
	AvailableStates            []State
	Pending                    *Pending
	Work                       []Work
	Cause                      Cause
	CauseCode                  CauseCode
	Ended                      *Ended
}

func rowOf(a Agent) floorRow {
	a = a.SeenByOthers()
	seen := floorRow{State: a.State(), Reason: a.Reason(), Offerable: a.Offerable(), AvailableStates: a.AvailableStates()}
	if s := a.Session; s != nil {
		seen.Session, seen.StateSince, seen.Direction, seen.DirectionSince = s.ID, s.StateSince, s.Direction, s.DirectionSince
		seen.Connection, seen.Pending, seen.Work = s.Connection, s.Pending, s.Work
		seen.Cause, seen.CauseCode = s.Cause, s.CauseCode
	} else {
		seen.Ended = a.Ended
	}
	return seen
}

func TestRowVersionChangesExactlyWithWhatOthersSee(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for i, e := range s.events {
			before, after := s.previous(i), s.folded[i]
			want := before.RowVersion
			if !reflect.DeepEqual(rowOf(before), rowOf(after)) {
				want = e.Version
			}
			if after.RowVersion != want {
				t.Fatalf("after event %d (%s) the row's version is %d, want %d; what others see:\n%s",
					e.Version, e.Change.Kind(), after.RowVersion, want, cmp.Diff(rowOf(before), rowOf(after)))
			}
		}
	})
}

func TestNothingOfASilentSessionIsSeen(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for i, e := range s.events {
			before, after := s.previous(i), s.folded[i]
			silent := before.Session != nil && before.Session.Silent || after.Session != nil && after.Session.Silent
			if !silent {
				continue
			}
			if difference := cmp.Diff(rowOf(before), rowOf(after)); difference != "" || after.RowVersion != before.RowVersion {
				t.Fatalf("others see event %d (%s):\n%s", e.Version, e.Change.Kind(), difference)
			}
		}
	})
}
