package wsapi

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func TestSocket_WelcomesShowsAndFollows(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.watching(agent, "self")
		snapshot := c.next()
		if snapshot.Type != api.FrameTypeSnapshot || len(snapshot.Rows) != 1 {
			t.Fatalf("got %+v, want a snapshot of one row", snapshot)
		}
		w.login(agent)
		if got := c.nextOf(api.FrameTypeEvents); len(got.Events) == 0 {
			t.Errorf("got %+v, want the log-in", got)
		}
		c.leave()
		open, closed, refused := w.seen.all()
		if diff := cmp.Diff([]map[string]int{{"socket self": 0}, {"socket self 1005": 1}, {}}, []map[string]int{open, closed, refused}); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSocket_SaysInTheWelcomeHowOftenItAsks(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.change(func(s *directory.Settings) { s.BeatDelay = 3 * time.Second })
		c := w.upgraded()
		c.hello(w.token(supervisor, 0), "floor")
		got := c.next()
		if got.Type != api.FrameTypeWelcome || got.BeatMs != 3000 || got.Cursor == "" || got.Timestamp == nil || !got.Timestamp.Equal(time.Now().Truncate(time.Millisecond)) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestSocket_ShowsTheFloorOrAGroupOfIt(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		all, sales := w.watching(supervisor, "floor").next(), w.watching(supervisor, "floor", `"group":"Sales"`).next()
		if len(all.Rows) <= 1 || len(sales.Rows) != 1 {
			t.Errorf("all are %d rows, the group %d", len(all.Rows), len(sales.Rows))
		}
	})
}

func TestSocket_ResumesFromACursor(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.login(agent)
		c := w.watching(agent, "self")
		cursor := c.next().Cursor
		c.leave()
		w.turn(agent)

		c = w.upgraded()
		c.hello(w.token(agent, 0), "self", `"cursor":"`+cursor+`"`)
		if got := c.next(); got.Cursor != cursor {
			t.Errorf("welcomed at %s, want %s", got.Cursor, cursor)
		}
		if got := c.next(); got.Type != api.FrameTypeEvents || len(got.Events) != 1 {
			t.Errorf("got %+v, want what was missed", got)
		}
	})
}

func TestSocket_TakesWhatComesWithTheHandshake(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.connect()
		c.send(handshake(north) + text(helloOf(w.token(agent, 0), "self")))
		c.response()
		if got := c.next(); got.Type != api.FrameTypeWelcome {
			t.Errorf("got %+v", got)
		}
		c.wantOpen()
	})
}

func TestSocket_TwoTabsSeeTheSame(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		session := w.login(agent)
		first, second := w.settled(agent, "self", `"sessionId":"`+session+`"`), w.settled(agent, "self", `"sessionId":"`+session+`"`)
		w.turn(agent)
		a, b := first.nextOf(api.FrameTypeEvents), second.nextOf(api.FrameTypeEvents)
		if diff := cmp.Diff(a.Events, b.Events); diff != "" {
			t.Error(diff)
		}
		first.leave()
		time.Sleep(time.Second)
		if got := w.agent(agent).Session.Connection; got != presence.Live {
			t.Errorf("with one tab left the connection is %s", got)
		}
		second.leave()
		time.Sleep(time.Second)
		if got := w.agent(agent).Session.Connection; got != presence.Lost {
			t.Errorf("with no tab left the connection is %s", got)
		}
	})
}

func TestSocket_OutlivesTheTimesOfRequests(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.settled(agent, "self")
		c.obey(2 * time.Minute)
		c.wantOpen()
	})
}

// The times are those of the connection's own: nothing is taken back that was
// sent.
func TestSocket_TellsTheEngineHowItEnded(t *testing.T) {
	t.Parallel()
	for name, play := range map[presence.Closing]func(w *world, c *client){
		presence.ClosedByClient:  func(_ *world, c *client) { c.leave() },
		presence.ClosedByNetwork: func(_ *world, c *client) { _ = c.conn.Close() },
		presence.ClosedByServer:  func(_ *world, c *client) { c.send(text("{}")); c.wantClose(api.CloseBadFrame) },
	} {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				session := w.login(agent)
				c := w.settled(agent, "self", `"sessionId":"`+session+`"`, `"client":"desk/1.0"`)
				watcher := w.settled(supervisor, "floor")
				play(w, c)
				time.Sleep(time.Second)
				synctest.Wait()
				if got := w.agent(agent).Session.Connection; got != presence.Lost {
					t.Fatalf("the connection is %s", got)
				}
				evidence := w.lastSocket(agent)
				if evidence.Closing != name || evidence.Client != "desk/1.0" || evidence.ID.Version() != 4 {
					t.Errorf("got %+v, want %s", evidence, name)
				}
				watcher.nextOf(api.FrameTypeEvents)
			})
		})
	}
}

func TestSocket_OfASessionThatEndedIsNoLessASocket(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		old := w.login(agent)
		w.login(agent)
		for _, session := range []string{old, no} {
			c := w.settled(agent, "self", `"sessionId":"`+session+`"`)
			c.leave()
		}
		time.Sleep(time.Second)
		if got := w.agent(agent).Session.Connection; got != presence.Live {
			t.Errorf("the newer session is %s", got)
		}
	})
}

// lastSocket is the socket that the newest event about the connection names.
func (w *world) lastSocket(person string) (found presence.SocketEvidence) {
	w.t.Helper()
	records, err := w.store.LatestOfAgent(w.t.Context(), keyOf(person), 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, r := range records {
		if changed, ok := r.Event.Change.(presence.ConnectionChanged); ok {
			found = changed.Socket
		}
	}
	return found
}
