package stream_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream"
	"github.com/muster-presence/muster/internal/wire"
)

var wholeFloor = stream.View{Floor: true}

// rows are a floor as a client keeps it.
type rows map[string]api.FloorRow

// take applies frames.
func (r rows) take(t testing.TB, frames []frame) {
	t.Helper()
	put := func(text json.RawMessage) {
		var row api.FloorRow
		if err := json.Unmarshal(text, &row); err != nil {
			t.Fatal(err)
		}
		r[row.ResourceID] = row
	}
	for _, f := range frames {
		if f.Type == "snapshot" && f.Part == 1 {
			clear(r)
		}
		for _, row := range f.Rows {
			put(row)
		}
		for _, e := range f.Events {
			var message struct{ Row json.RawMessage }
			if err := json.Unmarshal(e.Message, &message); err != nil {
				t.Fatal(err)
			}
			put(message.Row)
		}
	}
}

func (r rows) sum() uint32 {
	var sum uint32
	for id, row := range r {
		sum += crc32.ChecksumIEEE(fmt.Appendf(nil, "%s:%d", id, row.Version))
	}
	return sum
}

// stored is the floor as the store has it.
func (w *world) stored(query store.FloorQuery) rows {
	w.t.Helper()
	query.Limit = 10_000
	all, _, err := w.store.FloorRows(w.t.Context(), tenant, query)
	if err != nil {
		w.t.Fatal(err)
	}
	r := make(rows)
	for _, row := range all {
		r[row.AgentID.String()] = wire.FloorRow(row)
	}
	return r
}

func TestFloor_SnapshotThenLiveIsWhatTheStoreHas(t *testing.T) {
	t.Parallel()
	inWorld(t, 20, func(w *world) {
		w.login(agent(3))
		watcher, seen := w.watch(wholeFloor, stream.Cursor{}), make(rows)
		seen.take(t, watcher.all())
		if diff := cmp.Diff(w.stored(store.FloorQuery{}), seen); diff != "" {
			t.Fatal(diff)
		}
		for n := range 10 {
			w.login(agent(n))
			w.ready(agent(n))
		}
		w.do(agent(2), presence.GoOffline{By: sue})
		seen.take(t, watcher.all())
		if diff := cmp.Diff(w.stored(store.FloorQuery{}), seen); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFloor_LargeSnapshotsComeInParts(t *testing.T) {
	t.Parallel()
	inWorld(t, 1000, func(w *world) {
		watcher, seen := w.watch(wholeFloor, stream.Cursor{}), make(rows)
		w.login(agent(3)) // after the snapshot was taken, before it is sent
		frames := watcher.all()
		for i, f := range frames[:len(frames)-1] {
			if f.Type != "snapshot" || f.Part != i+1 || f.Last != (i == len(frames)-2) {
				t.Errorf("frame %d is %s part %d last %v", i, f.Type, f.Part, f.Last)
			}
		}
		if len(frames) < 4 || frames[len(frames)-1].Type != "events" {
			t.Errorf("the frames are %v", types(frames))
		}
		seen.take(t, frames)
		if diff := cmp.Diff(w.stored(store.FloorQuery{}), seen); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFloor_GroupSeesItsOwnOnly(t *testing.T) {
	t.Parallel()
	inWorld(t, 10, func(w *world) {
		watcher, seen := w.watch(stream.View{Floor: true, Group: "Sales"}, stream.Cursor{}), make(rows)
		seen.take(t, watcher.all())
		if len(seen) != 5 {
			t.Fatalf("saw %d rows", len(seen))
		}
		w.login(agent(1))
		if frames := watcher.all(); len(frames) > 0 {
			t.Errorf("saw somebody of another group: %v", frames)
		}
		w.login(agent(2))
		seen.take(t, watcher.all())
		if diff := cmp.Diff(w.stored(store.FloorQuery{Group: "Sales"}), seen); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFloor_ResumingGetsExactlyWhatWasMissed(t *testing.T) {
	t.Parallel()
	for _, group := range []string{"", "Sales"} {
		t.Run("group "+group, func(t *testing.T) {
			t.Parallel()
			inWorld(t, 10, func(w *world) {
				view := stream.View{Floor: true, Group: group}
				watcher, seen := w.watch(view, stream.Cursor{}), make(rows)
				w.login(agent(1))
				w.login(agent(2))
				seen.take(t, watcher.all())
				watcher.sub.Close()
				w.ready(agent(1))
				w.ready(agent(2))
				w.ready(agent(2)) // changes nothing that others see
				w.login(agent(4))
				again := w.watch(view, watcher.cursor)
				frames := again.all()
				if diff := cmp.Diff([]string{"events", "mark"}, types(frames)); diff != "" {
					t.Error(diff)
				}
				w.login(agent(6))
				frames = append(frames, again.all()...)
				seen.take(t, frames)
				if diff := cmp.Diff(w.stored(store.FloorQuery{Group: group}), seen); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestFloor_BeatSaysWhatTheRowsAddUpTo(t *testing.T) {
	t.Parallel()
	inWorld(t, 6, func(w *world) {
		for _, group := range []string{"", "Sales", "nobody's"} {
			watcher, seen := w.watch(stream.View{Floor: true, Group: group}, stream.Cursor{}), make(rows)
			for n := range 4 {
				w.login(agent(n))
			}
			watcher.sub.Beat(7)
			w.ready(agent(1)) // after the beat
			frames := watcher.all()
			var beat frame
			for _, f := range frames {
				if f.Type == "beat" {
					beat = f
					break
				}
				seen.take(t, []frame{f})
			}
			if beat.N != 7 || beat.Sum == nil || *beat.Sum != seen.sum() || *beat.Seq == 0 {
				t.Errorf("group %q: the beat is %+v, the rows add up to %d", group, beat, seen.sum())
			}
		}
	})
}

func TestFloor_DirectoryChangeReachesWhoeverWatchesAndWhoeverResumes(t *testing.T) {
	t.Parallel()
	inWorld(t, 4, func(w *world) {
		watcher, seen := w.watch(wholeFloor, stream.Cursor{}), make(rows)
		away := w.watch(wholeFloor, stream.Cursor{})
		seen.take(t, watcher.all())
		away.all()
		away.sub.Close()
		renamed := newcomer(0)[0].Document.(*directory.User)
		renamed.LastName = "Renamed"
		w.apply(append(newcomer(10), directory.Change{Action: directory.Update, Kind: directory.KindUser, Document: renamed}))
		w.streams.Reload()
		synctest.Wait()
		seen.take(t, watcher.all())
		if diff := cmp.Diff(w.stored(store.FloorQuery{}), seen); diff != "" || len(seen) != 5 {
			t.Errorf("%d rows: %s", len(seen), diff)
		}
		again := w.watch(wholeFloor, away.cursor)
		if diff := cmp.Diff([]string{"snapshot"}, types(again.all())); diff != "" {
			t.Errorf("who resumes: %s", diff)
		}
		w.login(agent(10))
		seen.take(t, watcher.all())
		if diff := cmp.Diff(w.stored(store.FloorQuery{}), seen); diff != "" {
			t.Errorf("the newcomer's log-in: %s", diff)
		}
	})
}

func TestFloor_SilentSessionIsOffline(t *testing.T) {
	t.Parallel()
	inWorld(t, 2, func(w *world) {
		watcher := w.watch(wholeFloor, stream.Cursor{})
		watcher.all()
		w.do(agent(0), presence.StartSession{By: self(agent(0)), Silent: true})
		w.ready(agent(0))
		if frames := watcher.all(); len(frames) > 0 {
			t.Errorf("saw %v", frames)
		}
	})
}

func TestFloor_MessageIsTheContracts(t *testing.T) {
	t.Parallel()
	inWorld(t, 2, func(w *world) {
		watcher := w.watch(wholeFloor, stream.Cursor{})
		watcher.all()
		w.login(agent(0))
		frames := watcher.all()
		all, _, err := w.store.FloorRows(t.Context(), tenant, store.FloorQuery{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		var got api.FloorRowChangeMessage
		if err := json.Unmarshal(frames[0].Events[0].Message, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wire.FloorRowChange(tenant, all[0]), got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFloor_CursorOfAnotherViewResumesNothing(t *testing.T) {
	t.Parallel()
	inWorld(t, 4, func(w *world) {
		w.login(agent(0))
		views := []stream.View{wholeFloor, {Floor: true, Group: "Sales"}, selfView(agent(0)), selfView(agent(1))}
		for i, from := range views {
			watcher := w.watch(from, stream.Cursor{})
			watcher.all()
			for j, to := range views {
				again := w.watch(to, watcher.cursor)
				if resumed := len(again.all()) == 0; resumed != (i == j) {
					t.Errorf("%+v resumed %+v: %v", to, from, resumed)
				}
			}
		}
	})
}

func TestFloor_SlowWatcherAmongAHundredChangesNothingForTheOthers(t *testing.T) {
	t.Parallel()
	inWorld(t, 4, func(w *world) {
		const changes = maxQueued + 100
		slow := w.watch(wholeFloor, stream.Cursor{})
		var others []*watcher
		for range 99 {
			others = append(others, w.watch(wholeFloor, stream.Cursor{}))
			others[len(others)-1].all()
		}
		w.login(agent(0))
		began := time.Now()
		events := make([]int, len(others))
		for n := range changes {
			direction := presence.Directions()[1+n%2]
			w.do(agent(0), presence.SetDirection{By: self(agent(0)), Direction: direction})
			for i, other := range others {
				if (n+i)%50 > 0 && n < changes-1 {
					continue // each takes what has gathered now and then
				}
				for _, f := range other.all() {
					events[i] += len(f.Events)
				}
			}
		}
		for i, seen := range events {
			if seen != changes+1 {
				t.Fatalf("watcher %d saw %d of %d events", i, seen, changes+1)
			}
		}
		if took := time.Since(began); took > 0 {
			t.Errorf("somebody waited for %s", took)
		}
		if _, _, err := slow.sub.Next(t.Context(), nil); err != stream.ErrSlow {
			t.Errorf("the slow one got %v", err)
		}
		again := w.watch(wholeFloor, slow.cursor)
		if frames := again.all(); len(frames) == 0 || frames[0].Type != "snapshot" {
			t.Errorf("and then saw %v", types(frames))
		}
	})
}
