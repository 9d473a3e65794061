package wsapi

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
)

// unreadable is a store whose log cannot be read while it fails.
type unreadable struct {
	*memory.Store
	fails atomic.Bool
}

func (u *unreadable) error() error {
	if u.fails.Load() {
		return store.ErrUnavailable
	}
	return nil
}

func (u *unreadable) Head(ctx context.Context, tenant presence.TenantID) (store.Position, error) {
	head, err := u.Store.Head(ctx, tenant)
	if failed := u.error(); failed != nil {
		return store.Position{}, failed
	}
	return head, err
}

func (u *unreadable) Records(ctx context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	if err := u.error(); err != nil {
		return nil, err
	}
	return u.Store.Records(ctx, tenant, after, limit)
}

func (u *unreadable) RecordsOfAgent(ctx context.Context, key presence.Key, after store.Seq, limit int) ([]store.Record, error) {
	if err := u.error(); err != nil {
		return nil, err
	}
	return u.Store.RecordsOfAgent(ctx, key, after, limit)
}

func (u *unreadable) LatestOfAgent(ctx context.Context, key presence.Key, limit int) ([]store.Record, error) {
	if err := u.error(); err != nil {
		return nil, err
	}
	return u.Store.LatestOfAgent(ctx, key, limit)
}

func (u *unreadable) FloorRows(ctx context.Context, tenant presence.TenantID, query store.FloorQuery) ([]store.FloorRow, string, error) {
	if err := u.error(); err != nil {
		return nil, "", err
	}
	return u.Store.FloorRows(ctx, tenant, query)
}

// inWorldWith plays a test with a store that may fail, read by streams that find what
// is there when somebody first asks, and follow nothing.
func inWorldWith(t *testing.T, play func(w *world, kept *unreadable)) {
	t.Helper()
	var kept unreadable
	inWorld(t, func(w *world) { play(w, &kept) }, func(o *Options) {
		kept.Store = o.Directory.(*memory.Store)
		o.Streams = stream.New(stream.Options{Storage: &kept, Directory: kept.Store, Bus: new(local.Bus)})
	})
}

// last is the cursor of a view, some events before its end.
func (w *world) last(view string, back store.Seq) stream.Cursor {
	w.t.Helper()
	c := w.watching(supervisor, view)
	defer c.leave()
	cursor, err := stream.ParseCursor(c.nextOf(api.FrameTypeSnapshot).Cursor)
	if err != nil {
		w.t.Fatal(err)
	}
	cursor.Seq -= back
	return cursor
}

func TestStore_ThatCannotBeReadSendsWhoeverComesAwayForAMoment(t *testing.T) {
	t.Parallel()
	for _, view := range []string{"self", "floor"} {
		t.Run(view, func(t *testing.T) {
			t.Parallel()
			inWorldWith(t, func(w *world, kept *unreadable) {
				w.login(supervisor)
				there := w.settled(supervisor, view)
				future := w.last(view, 0)
				future.Seq += 1000 // whether it lies there must be looked up
				kept.fails.Store(true)

				socket := w.upgraded()
				socket.hello(w.token(supervisor, 0), view, fmt.Sprintf(`"cursor":%q`, future))
				socket.wantClose(api.CloseUnavailable)
				events := w.connect()
				events.send(eventsRequest(north, "?view="+view, w.token(supervisor, 0), "Last-Event-ID: "+future.String()))
				wantFault(t, events.response(), http.StatusServiceUnavailable, api.CodeUnavailable)
				if _, _, refused := w.seen.all(); refused["unavailable"] != 2 {
					t.Errorf("refused are %v", refused)
				}
				there.wantOpen() // nothing is read for whoever follows

				kept.fails.Store(false)
				again := w.upgraded()
				again.hello(w.token(supervisor, 0), view, fmt.Sprintf(`"cursor":%q`, future))
				if got := again.nextOf(api.FrameTypeSnapshot); !got.Last {
					t.Errorf("later it gets %+v", got)
				}
			})
		})
	}
}

// What a client of the floor missed is read when it is welcomed already.
func TestStore_ThatFailsBehindTheWelcomeEndsTheViewAndLosesNothing(t *testing.T) {
	t.Parallel()
	inWorldWith(t, func(w *world, kept *unreadable) {
		w.login(agent)
		for range 3 {
			w.turn(agent)
		}
		cursor := w.last("floor", 3)
		kept.fails.Store(true)
		socket := w.upgraded()
		socket.hello(w.token(supervisor, 0), "floor", fmt.Sprintf(`"cursor":%q`, cursor))
		if got := socket.next(); got.Type != api.FrameTypeWelcome || got.Cursor != cursor.String() {
			t.Fatalf("got %+v", got)
		}
		socket.wantClose(api.CloseUnavailable)
		events := w.events(supervisor, "?view=floor", "Last-Event-ID: "+cursor.String())
		if got, _ := events.event(); got.Type != api.FrameTypeWelcome || got.Cursor != cursor.String() {
			t.Fatalf("got %+v", got)
		}
		got, id := events.event()
		if got.Type != api.FrameTypeClose || got.Code != int(api.CloseUnavailable) || got.Reason == "" || id != "" {
			t.Errorf("events end with %+v, id %q", got, id)
		}
		synctest.Wait()
		if _, closed, _ := w.seen.all(); closed["socket floor 4003"] != 1 || closed["sse floor 4003"] != 1 {
			t.Errorf("closed are %v", closed)
		}

		kept.fails.Store(false)
		again := w.upgraded()
		again.hello(w.token(supervisor, 0), "floor", fmt.Sprintf(`"cursor":%q`, cursor))
		if got := again.nextOf(api.FrameTypeEvents); len(got.Events) != 3 {
			t.Errorf("then %d events come", len(got.Events))
		}
	})
}
