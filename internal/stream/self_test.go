package stream_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream"
)

func selfView(key presence.Key) stream.View { return stream.View{Agent: key.Agent} }

// told are the types of the messages in frames.
func told(t testing.TB, frames []frame) []string {
	t.Helper()
	var all []string
	for _, f := range frames {
		for _, e := range f.Events {
			var message struct{ Type string }
			if err := json.Unmarshal(e.Message, &message); err != nil {
				t.Fatal(err)
			}
			all = append(all, message.Type)
		}
	}
	return all
}

func TestSelf_BeginsWithASnapshotAndGoesOnLive(t *testing.T) {
	t.Parallel()
	inWorld(t, 2, func(w *world) {
		ann, ben := agent(0), agent(1)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		first := watcher.all()
		if diff := cmp.Diff([]string{"snapshot"}, types(first)); diff != "" {
			t.Fatal(diff)
		}
		var row api.SelfRow
		if err := json.Unmarshal(first[0].Rows[0], &row); err != nil {
			t.Fatal(err)
		}
		if row.State != "notready" || row.TenantID != tenant.String() || !first[0].Last || first[0].Part != 1 {
			t.Errorf("snapshot of %+v in %+v", row, first[0])
		}
		w.login(ben) // is nobody else's business
		w.ready(ann)
		if diff := cmp.Diff([]string{"resource-state-change"}, told(t, watcher.all())); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSelf_ShowsNothingOfTheConnection(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		ann := agent(0)
		w.login(ann)
		w.ready(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		time.Sleep(30 * time.Second) // silent, not yet held
		synctest.Wait()
		w.do(ann, presence.Hear{})
		if frames := watcher.all(); len(frames) > 0 {
			t.Errorf("saw %v", frames)
		}
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]string{"resource-state-change"}, told(t, watcher.all())); diff != "" {
			t.Errorf("being held not ready: %s", diff)
		}
	})
}

func TestSelf_ResumingThatMissedNothingReadsNothing(t *testing.T) {
	t.Parallel()
	inWorld(t, 2, func(w *world) {
		ann, ben := agent(0), agent(1)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		watcher.sub.Close()
		w.login(ben) // moves the log, not the view
		w.reads.ofAgent = 0
		again := w.watch(selfView(ann), watcher.cursor)
		if frames := again.all(); len(frames) > 0 || again.sub.Welcome() != watcher.cursor {
			t.Errorf("resumed from %v with %v and saw %v", watcher.cursor, again.sub.Welcome(), frames)
		}
		if w.reads.ofAgent > 0 {
			t.Errorf("read the store %d times", w.reads.ofAgent)
		}
		w.ready(ann)
		frames := again.all()
		if len(frames) != 1 || len(frames[0].Events) != 1 || frames[0].Events[0].Prev > watcher.cursor.Seq {
			t.Errorf("then saw %+v after %v", frames, watcher.cursor)
		}
	})
}

func TestSelf_ResumingGetsExactlyWhatWasMissed(t *testing.T) {
	t.Parallel()
	inWorld(t, 2, func(w *world) {
		ann, ben := agent(0), agent(1)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		watcher.sub.Close()
		w.ready(ann)
		w.login(ben)
		w.do(ann, presence.SetDirection{By: sue, Direction: presence.Outbound})
		again := w.watch(selfView(ann), watcher.cursor)
		frames := again.all()
		if diff := cmp.Diff([]string{"resource-state-change", "resource-direction-change"}, told(t, frames)); diff != "" {
			t.Error(diff)
		}
		prev := watcher.cursor.Seq
		for _, e := range frames[0].Events {
			if e.Prev != prev {
				t.Errorf("event %d follows on %d, want %d", e.Seq, e.Prev, prev)
			}
			prev = e.Seq
		}
	})
}

func TestSelf_ResumesAfterTheServerDid(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		ann := agent(0)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		w.ready(ann)
		w.end()
		w.begin()
		again := w.watch(selfView(ann), watcher.cursor)
		if diff := cmp.Diff([]string{"resource-state-change"}, told(t, again.all())); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSelf_GetsASnapshotWhereItCannotResume(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		ann := agent(0)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		for range 300 {
			w.do(ann, presence.GoNotReady{By: self(ann)})
		}
		for name, cursor := range map[string]stream.Cursor{
			"too long ago":     watcher.cursor,
			"of another epoch": {Epoch: "00000000-0000-0000-0000-000000000000", Seq: watcher.cursor.Seq},
			"from the future":  {Epoch: watcher.cursor.Epoch, Seq: 1 << 40},
		} {
			again := w.watch(selfView(ann), cursor)
			if diff := cmp.Diff([]string{"snapshot"}, types(again.all())); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
			if again.sub.Welcome() == cursor || again.sub.Welcome() != again.cursor {
				t.Errorf("%s: welcome %v, then %v", name, again.sub.Welcome(), again.cursor)
			}
		}
	})
}

func TestSelf_MarkMovesAQuietViewWithTheBeat(t *testing.T) {
	t.Parallel()
	inWorld(t, 2, func(w *world) {
		ann, ben := agent(0), agent(1)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		before := watcher.cursor
		w.login(ben)
		watcher.sub.Beat(1)
		if diff := cmp.Diff([]string{"beat"}, types(watcher.all())); diff != "" {
			t.Error(diff)
		}
		time.Sleep(30 * time.Second)
		w.ready(ben)
		watcher.sub.Beat(2)
		if diff := cmp.Diff([]string{"mark", "beat"}, types(watcher.all())); diff != "" {
			t.Error(diff)
		}
		if watcher.cursor.Seq <= before.Seq || watcher.cursor.Epoch != before.Epoch {
			t.Errorf("the cursor went from %v to %v", before, watcher.cursor)
		}
	})
}

func TestSelf_EventsOfAChangeShareAFrame(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		ann := agent(0)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		time.Sleep(2 * time.Minute) // held not ready
		synctest.Wait()
		watcher.all()
		w.ready(ann) // released, then ready
		frames := watcher.all()
		if len(frames) != 1 || len(frames[0].Events) != 2 {
			t.Errorf("saw %+v", frames)
		}
	})
}

func TestSubscription_IsWokenOncePerRest(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		ann := agent(0)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		watcher.all()
		w.ready(ann)
		w.ready(ann)
		if watcher.wakes != 1 {
			t.Errorf("woken %d times", watcher.wakes)
		}
		watcher.all()
		w.ready(ann)
		if watcher.wakes != 2 {
			t.Errorf("woken %d times", watcher.wakes)
		}
	})
}

func TestSubscription_TooSlowEnds(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		ann := agent(0)
		w.login(ann)
		slow, quick := w.watch(selfView(ann), stream.Cursor{}), w.watch(selfView(ann), stream.Cursor{})
		quick.all()
		var seen []string
		for range maxQueued + 1 {
			w.do(ann, presence.GoNotReady{By: self(ann)})
			seen = append(seen, told(t, quick.all())...)
		}
		if _, _, err := slow.sub.Next(t.Context(), nil); err != stream.ErrSlow {
			t.Errorf("the slow one got %v", err)
		}
		if len(seen) != maxQueued+1 {
			t.Errorf("the quick one saw %d events", len(seen))
		}
		if queued := w.streams.Queued(); queued != 0 {
			t.Errorf("%d bytes are left in queues", queued)
		}
	})
}

func TestSubscription_ClosedIsForgotten(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		ann := agent(0)
		w.login(ann)
		watcher := w.watch(selfView(ann), stream.Cursor{})
		w.ready(ann)
		watcher.sub.Close()
		watcher.sub.Close()
		w.ready(ann)
		if watching, queued := w.streams.Watching(false), w.streams.Queued(); watching != 0 || queued != 0 {
			t.Errorf("%d watch, %d bytes queued", watching, queued)
		}
	})
}

func TestCursor_ReadsWhatItWrites(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a:0", "0c2f…:1", "x.12:9223372036854775807", "a:b:7"} {
		cursor, err := stream.ParseCursor(text)
		if err != nil || cursor.String() != text {
			t.Errorf("%q became %q, %v", text, cursor, err)
		}
	}
	for _, text := range []string{"", ":", ":1", "a", "a:", "a:-1", "a:1 ", "a:9223372036854775808", "a:0x1"} {
		if cursor, err := stream.ParseCursor(text); err != stream.ErrCursor {
			t.Errorf("%q became %q, %v", text, cursor, err)
		}
	}
	if (stream.Cursor{}).String() != "" || !(stream.Cursor{}).IsZero() || (stream.Cursor{Epoch: "a", Seq: store.Seq(0)}).IsZero() {
		t.Error("no place is not told from a place")
	}
}
