package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func newWatch(t *testing.T) *watch {
	t.Helper()
	return &watch{core: &core{log: slog.New(slog.DiscardHandler), clock: new(clock)}, changed: make(chan struct{}, 1), rows: make(map[string]*api.FloorRow)}
}

func (w *watch) welcome() { w.Welcomed(time.Second, 0, time.Now(), time.Now(), true) }

func row(id string, version int) json.RawMessage {
	return fmt.Appendf(nil, `{"resourceId":%q,"version":%d}`, id, version)
}

func change(id string, version int) json.RawMessage {
	return fmt.Appendf(nil, `{"type":"floor-row-change","row":%s}`, row(id, version))
}

// taken is what the watch has for its taker, in short; "" for nothing.
func (w *watch) taken() string {
	update, ok := w.take()
	if !ok {
		return ""
	}
	text := fmt.Sprintf("connected=%t", update.Connected)
	if update.Reset {
		text += " reset"
	}
	for _, row := range update.Rows {
		text += fmt.Sprintf(" %s:%d", row.ResourceID, row.Version)
	}
	return text
}

func expectTaken(t *testing.T, w *watch, when string, want ...string) {
	t.Helper()
	for _, text := range append(want, "") {
		if got := w.taken(); got != text {
			t.Errorf("%s: taken is %q, not %q", when, got, text)
		}
	}
}

// The first update is everything, whatever the connection does before.
func TestWatch_BeginsWithTheWholeFloor(t *testing.T) {
	t.Parallel()
	w := newWatch(t)
	w.Disconnected(errors.New("refused"))
	expectTaken(t, w, "not connected yet")
	w.welcome()
	expectTaken(t, w, "connected, but without rows")
	w.Disconnected(errors.New("cut"))
	w.welcome()
	w.Snapshot(nil)
	expectTaken(t, w, "an empty floor", "connected=true reset")
	w.Snapshot([]json.RawMessage{row("a", 1), row("b", 1)})
	expectTaken(t, w, "a floor", "connected=true reset a:1 b:1")
}

// Who is slow gets fewer updates, and in each row the newest.
func TestWatch_GathersChangesUntilTheyAreTaken(t *testing.T) {
	t.Parallel()
	w := newWatch(t)
	w.welcome()
	w.Snapshot([]json.RawMessage{row("a", 1), row("b", 1), row("c", 1)})
	w.Event(change("b", 2))
	expectTaken(t, w, "a change before the floor was taken", "connected=true reset a:1 b:2 c:1")
	w.Event(change("c", 2))
	w.Event(change("a", 2))
	w.Event(change("c", 3))
	expectTaken(t, w, "changes of two rows", "connected=true c:3 a:2")
	w.Event(change("a", 3))
	w.Disconnected(errors.New("cut"))
	expectTaken(t, w, "a change and a cut", "connected=false a:3")
	w.welcome()
	expectTaken(t, w, "back, and nothing was missed", "connected=true")
	w.Event(change("a", 4))
	w.Snapshot([]json.RawMessage{row("b", 9)})
	expectTaken(t, w, "a change that the floor takes the place of", "connected=true reset b:9")
	w.Disconnected(errors.New("cut"))
	w.welcome()
	expectTaken(t, w, "a cut that nobody saw")
}

func TestWatch_PassesOverWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWatch(t)
	w.Snapshot([]json.RawMessage{row("a", 1), json.RawMessage(`{"resourceId":7}`)})
	w.Event(json.RawMessage(`{"type":"floor-row-change","row":7}`))
	w.Event(json.RawMessage(`{"type":"new-thing"}`))
	w.Event(change("b", 1))
	expectTaken(t, w, "rows and messages that cannot be read", "connected=true reset a:1 b:1")
}

func TestWatch_EndsWithItsContextAndWithItsTaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.client(t)
		if _, err := c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"}); err != nil {
			t.Fatal(err)
		}
		for update, err := range c.Floor.Watch(t.Context(), WatchParams{TenantID: theTenant}) {
			if err != nil || !update.Reset || len(update.Rows) != 1 {
				t.Errorf("the first update is %+v, %v", update, err)
			}
			break
		}
		synctest.Wait() // the server closes its end after the client
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var updates []FloorUpdate
		for update, err := range c.Floor.Watch(ctx, WatchParams{TenantID: theTenant}) {
			if err != nil {
				t.Error(err)
			}
			updates = append(updates, update)
		}
		if len(updates) != 1 {
			t.Errorf("in a quiet minute it tells %s", cmp.Diff(nil, updates))
		}
		synctest.Wait()
		if now, most := s.open(); now != 0 || most != 1 || len(c.core.floors) != 0 {
			t.Errorf("%d streams are open, %d were at once, %d floors are watched", now, most, len(c.core.floors))
		}
	})
}
