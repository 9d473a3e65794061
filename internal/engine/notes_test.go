package engine_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const noteEvery = 10 * time.Second

func count(batches [][]store.Heard) (notes int) {
	for _, batch := range batches {
		notes += len(batch)
	}
	return notes
}

func TestNotes_AreWrittenInBatchesOfWhoWasHeard(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		const agents = 600
		f.hire(agents)
		for i := range agents {
			f.logIn(agent(i))
		}
		pass(noteEvery + time.Second) // there are pauses between the batches
		batches := f.storage.takeNotes()
		if len(batches) != 10 || count(batches) != agents {
			t.Fatalf("%d notes in %d batches, want %d in 10", count(batches), len(batches), agents)
		}
		for i := range 100 {
			f.beat(agent(i))
			f.beat(agent(i))
		}
		heard := f.engine.Now()
		pass(noteEvery)
		batches = f.storage.takeNotes()
		if len(batches) != 2 || count(batches) != 100 {
			t.Fatalf("%d notes in %d batches, want 100 in 2", count(batches), len(batches))
		}
		for _, note := range slices.Concat(batches...) {
			if note.At != heard || note.Fence != f.agent(note.Key).Fence {
				t.Fatalf("note %+v, want heard at %s", note, heard)
			}
		}
	})
}

func TestNotes_ThatFailedAreWrittenWithTheNextRound(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		heard := f.engine.Now()
		f.storage.breakNotes(errDiskFull)
		pass(noteEvery)
		f.storage.breakNotes(nil)
		pass(noteEvery)
		if got := f.stored(agent(1)).HeardAt; got != heard {
			t.Errorf("heard at %s, want %s", got, heard)
		}
	})
}

func TestNotes_AreWrittenWhenTheClockHasGoneBack(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.wall.jump(time.Hour)
		f.beat(agent(1))
		pass(noteEvery)
		f.wall.jump(-time.Hour)
		f.beat(agent(1))
		heard := f.engine.Now()
		pass(noteEvery)
		if got := f.stored(agent(1)).HeardAt; got != heard {
			t.Errorf("heard at %s, want %s", got, heard)
		}
	})
}

func TestNotes_OfTheLastMomentAreWrittenAtTheEnd(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		pass(noteEvery + 3*time.Second)
		f.beat(agent(1))
		heard := f.engine.Now()
		time.Sleep(time.Second)
		release := f.storage.hold()
		last := f.send(agent(2), start(agent(2)))
		go func() {
			time.Sleep(time.Second)
			release(nil)
		}()
		f.stop() // while a commit is under way
		synctest.Wait()
		if last.err != nil {
			t.Fatal(last.err)
		}
		if got := f.stored(agent(1)).HeardAt; got != heard {
			t.Errorf("heard at %s, want %s", got, heard)
		}
		if got := f.stored(agent(2)).HeardAt; got == 0 {
			t.Error("who was heard by the last commit is not noted")
		}
	})
}

func TestNotes_OfAnOldSessionDoNotReachTheNext(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		pass(3 * time.Second)
		f.beat(agent(1))
		f.do(agent(1), presence.GoOffline{By: self(agent(1))})
		pass(time.Minute)
		f.logIn(agent(1))
		began := f.engine.Now()
		f.restart(time.Second)
		if since := f.agent(agent(1)).Session.UnvouchedSince; since != began {
			t.Errorf("unvouched since %s, want the start of the session, %s", since, began)
		}
	})
}
