package demo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// punctual is an actor who wants a turn at a time, or none.
type punctual struct {
	name string
	at   int // in seconds; below 0 for never
}

func (p *punctual) nextTurn() (time.Time, bool) { return time.Unix(int64(p.at), 0), p.at >= 0 }
func (p *punctual) act(time.Time) request       { return nil }

// drain takes all turns, in their order.
func drain(t *timetable) (names []string) {
	for {
		if _, ok := t.next(); !ok {
			return names
		}
		names = append(names, t.take().(*punctual).name)
	}
}

func TestTimetable_GivesTurnsByTimeAndThenByEntry(t *testing.T) {
	t.Parallel()
	table := newTimetable()
	late, first, second, never := &punctual{"late", 9}, &punctual{"first", 5}, &punctual{"second", 5}, &punctual{"never", -1}
	moved, gone := &punctual{"moved", 1}, &punctual{"gone", 1}
	for _, a := range []*punctual{late, first, second, never, moved, gone} {
		table.enter(a)
	}
	moved.at, gone.at = 7, -1
	table.enter(moved)
	table.enter(gone)
	if diff := cmp.Diff([]string{"first", "second", "moved", "late"}, drain(table)); diff != "" {
		t.Errorf("turns (-want +got):\n%s", diff)
	}
}

func TestTimetable_WhoActsHasNoOtherTurnUntilReleased(t *testing.T) {
	t.Parallel()
	table := newTimetable()
	busy := &punctual{"busy", 1}
	table.enter(busy)
	table.take()
	table.enter(busy) // somebody wakes them meanwhile
	if _, ok := table.next(); ok {
		t.Error("somebody who acts has another turn")
	}
	busy.at = 3
	table.release(busy)
	if at, ok := table.next(); !ok || at.Unix() != 3 {
		t.Errorf("after the release the turn is at %d, %t", at.Unix(), ok)
	}
	busy.at = -1
	table.take()
	table.release(busy)
	if got := drain(table); got != nil {
		t.Errorf("who wants no turn has one: %v", got)
	}
}
