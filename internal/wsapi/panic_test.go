package wsapi

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
)

// trapped is a store whose log cannot be read once it is set.
type trapped struct {
	*memory.Store
	set atomic.Bool
}

func (s *trapped) Records(ctx context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	if s.set.Load() {
		panic("a trap")
	}
	return s.Store.Records(ctx, tenant, after, limit)
}

// What a client missed is read while its frames are made.
func TestSocket_ThatPanicsAloneIsClosedAndSoItsClientResumes(t *testing.T) {
	t.Parallel()
	var kept trapped
	inWorld(t, func(w *world) {
		w.login(agent)
		w.turn(agent)
		missed := w.floorCursor()
		missed.Seq--
		cursor := fmt.Sprintf(`"cursor":%q`, missed)
		other := w.settled(agent, "self")
		kept.set.Store(true)
		c := w.upgraded()
		c.hello(w.token(supervisor, 0), "floor", cursor)
		c.wantClose(api.CloseInternal)
		other.wantOpen()

		e := w.events(supervisor, "?view=floor", "Last-Event-ID: "+missed.String())
		if got, _ := e.eventOf(api.FrameTypeClose); got.Code != int(api.CloseInternal) {
			t.Errorf("events end with %+v", got)
		}
		kept.set.Store(false)
		again := w.upgraded()
		again.hello(w.token(supervisor, 0), "floor", cursor)
		if got := again.nextOf(api.FrameTypeEvents); len(got.Events) != 1 {
			t.Errorf("got %+v", got)
		}
	}, func(o *Options) {
		kept.Store = o.Directory.(*memory.Store)
		o.Streams = stream.New(stream.Options{Storage: &kept, Directory: kept.Store, Bus: new(local.Bus)}) // follows nothing
	})
}

// floorCursor is where the floor is now.
func (w *world) floorCursor() stream.Cursor {
	w.t.Helper()
	c := w.watching(supervisor, "floor")
	defer c.leave()
	cursor, err := stream.ParseCursor(c.nextOf(api.FrameTypeSnapshot).Cursor)
	if err != nil {
		w.t.Fatal(err)
	}
	return cursor
}
