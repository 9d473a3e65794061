package follow

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/muster-presence/muster/api"
)

func TestFollower_SaysHelloWithoutACursorAtFirst(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.socket()
		h := p.hello
		if h.Type != api.FrameTypeHello || h.Token != "first" || h.View != api.ViewSelf || *h.Client != "muster-go/test" || *h.SessionID != "s" || h.Cursor != nil || h.Group != nil {
			t.Errorf("got %+v", h)
		}
		if p.r.URL.RequestURI() != "/v1/tenants/"+tenant+"/stream" || p.r.Header.Get("Authorization") != "" {
			t.Errorf("got %s with %v", p.r.URL, p.r.Header)
		}
		time.Sleep(time.Second)
		p.say(welcome("e:10"))
		w.expect("welcome")
		if w.seen.beat != 4*time.Second || w.seen.server.String() != "2026-03-01T08:00:00.300Z" || w.seen.came.Sub(w.seen.sent) != time.Second {
			t.Errorf("got %+v", w.seen)
		}
	}, func(o *Options) { o.Session = "s" })
}

func TestFollower_ResumesFromItsCursorAfterACut(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		p.say(event(10, 12), `{"type":"mark","cursor":"e:20"}`, event(15, 23))
		w.expect("event 12", "event 23")
		p.cut()
		p = w.socket()
		if p.cursor() != "e:23" {
			t.Errorf("resumes from %q", p.cursor())
		}
		w.expect("disconnected")
		p.say(welcome("e:23"), event(23, 24))
		w.expect("welcome", "event 24")
	})
}

func TestFollower_SkipsWhatItHasSeen(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		p.say(event(8, 9), event(9, 10), event(10, 12), event(10, 12),
			`{"type":"events","events":[{"seq":12,"prev":10,"message":12},{"seq":13,"prev":12,"message":13},{"seq":13,"prev":12,"message":13}]}`)
		w.expect("event 12", "event 13")
	})
}

func TestFollower_ResumesAtAGap(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		p.say(event(10, 11), event(12, 13), event(13, 14))
		p.left()
		w.expect("event 11", "disconnected")
		if !errors.Is(w.why(), errGap) {
			t.Errorf("got %v", w.why())
		}
		if p = w.socket(); p.cursor() != "e:11" {
			t.Errorf("resumes from %q", p.cursor())
		}
	})
}

func TestFollower_PutsASnapshotTogether(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		p.say(partAt("f:3", 1, false, `"gone"`), event(10, 11), // an unfinished one changes nothing
			partAt("f:5", 1, false, `"a"`, `"b"`), partAt("f:5", 2, false), partAt("f:5", 3, true, `"c"`),
			event(5, 6), event(11, 12))
		p.left()
		w.expect("event 11", `snapshot ["a" "b" "c"]`, "event 6", "disconnected")
	})
}

func TestFollower_ResumesWhenPartsAreOutOfOrder(t *testing.T) {
	t.Parallel()
	for name, parts := range map[string][]string{
		"it begins with another":    {partAt("e:15", 2, true)},
		"one is left out":           {partAt("e:15", 1, false), partAt("e:15", 3, true)},
		"one comes twice":           {partAt("e:15", 1, false), partAt("e:15", 2, false), partAt("e:15", 2, true)},
		"one is of another cursor":  {partAt("e:15", 1, false), partAt("e:16", 2, true)},
		"it goes on after the last": {partAt("e:10", 1, true, `"row"`), partAt("e:10", 2, true)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				p := w.socket()
				p.say(welcome("e:10"), snapshotAt("e:10", `"row"`))
				p.say(parts...)
				p.left()
				if p = w.socket(); p.cursor() != "e:10" || !errors.Is(w.why(), errParts) {
					t.Errorf("resumes from %q because of %v", p.cursor(), w.why())
				}
			})
		})
	}
}

func TestFollower_ForgetsAnUnfinishedSnapshotWithItsConnection(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.socket()
		p.say(welcome("e:10"), partAt("e:10", 1, false, `"a"`))
		w.expect("welcome")
		p.cut()
		p = w.socket()
		if p.cursor() != "" {
			t.Errorf("resumes from %q", p.cursor())
		}
		p.say(welcome("e:10"), partAt("e:10", 2, true, `"b"`))
		p.left()
		w.expect("disconnected", "welcome", "disconnected")
	})
}

func TestFollower_LeavesWhereAFrameComesBeforeItsTime(t *testing.T) {
	t.Parallel()
	for name, frames := range map[string][]string{
		"events before the welcome":   {event(10, 11)},
		"a beat before the welcome":   {`{"type":"beat","n":1}`},
		"events before the snapshot":  {welcome("e:10"), event(10, 11)},
		"a mark before the snapshot":  {welcome("e:10"), `{"type":"mark","cursor":"e:11"}`},
		"a welcome that has no beats": {`{"type":"welcome","cursor":"e:10","timestamp":"2026-03-01T08:00:00.300Z"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				p := w.socket()
				p.say(frames...)
				p.left()
				if p = w.socket(); p.cursor() != "" || !errors.Is(w.why(), errOrder) {
					t.Errorf("resumes from %q because of %v", p.cursor(), w.why())
				}
			})
		})
	}
}

func TestFollower_ReportsWhatItCannotReadOnceAndGoesOn(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		p.say(`{"type":"eve`, `{"type":"mark","cursor":"nowhere"}`, `{"type":"later","rows":7,"cursor":1}`, `{"type":"later"}`, `{}`, event(10, 11))
		w.expect(`unreadable {"type":"eve`, `unreadable {"type":"mark","cursor":"nowhere"}`, "unreadable {}", "event 11")
	})
}

func TestFollower_BeginsAnewWhereWhatIsMissingCouldNotBeRead(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		p.say(`{"type":"events","events":[{"seq":"eleven","prev":10,"message":11}]}`, event(11, 12))
		p.left()
		if p = w.socket(); p.cursor() != "" {
			t.Errorf("resumes from %q, and would get the same again", p.cursor())
		}
	})
}

func TestRestart_BeginsAnewAndTellsNothingMore(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		w.seen.onEvent = func() { w.follower.Restart() } // in the follower's own goroutine
		p.say(`{"type":"events","events":[{"seq":11,"prev":10,"message":11},{"seq":12,"prev":11,"message":12}]}`)
		p.left()
		p = w.socket()
		if p.cursor() != "" || !errors.Is(w.why(), errRestart) {
			t.Errorf("resumes from %q because of %v", p.cursor(), w.why())
		}
		w.expect("event 11", "disconnected")
		w.seen.onEvent = nil
		p.say(welcome("e:12"), snapshotAt("e:12"), event(12, 13))
		w.expect("welcome", "snapshot []", "event 13")
		w.follower.Restart()
		p.left()
		if p = w.socket(); p.cursor() != "" {
			t.Errorf("resumes from %q", p.cursor())
		}
	})
}

func TestRestart_BetweenConnectionsIsNotForgotten(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.welcomed().cut()
		w.expect("disconnected")
		w.follower.Restart()
		if p := w.socket(); p.cursor() != "" {
			t.Errorf("resumes from %q", p.cursor())
		}
	})
}

func TestRestart_BeforeTheHelloKeepsTheConnection(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.welcomed().cut()
		a := w.next()
		w.follower.Restart()
		conn, err := websocket.Accept(a.w, a.r, nil)
		if err != nil {
			t.Fatal(err)
		}
		p := &peer{t: t, conn: conn, arrival: a}
		defer p.cut()
		if hello := p.hear(); strings.Contains(hello, "cursor") {
			t.Errorf("the hello is %s", hello)
		}
		p.say(welcome("e:12"), snapshotAt("e:12"))
		w.expect("disconnected", "welcome", "snapshot []")
	})
}

// What the server would tell from there on is not wanted any more.
func TestRestart_AfterTheHelloLeavesTheConnection(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.welcomed().cut()
		p := w.socket()
		if p.cursor() != "e:10" {
			t.Errorf("resumes from %q", p.cursor())
		}
		w.follower.Restart()
		p.left()
		if p = w.socket(); p.cursor() != "" {
			t.Errorf("resumes from %q", p.cursor())
		}
		w.expect("disconnected", "disconnected")
	})
}

func TestRestart_LeavesEventsThatWereAskedForFromTheCursor(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a := w.next().events(welcome("e:10"), snapshotAt("e:10"))
		w.expect("welcome by events", "snapshot []")
		close(a.done)
		if a = w.next(); a.r.Header.Get("Last-Event-ID") != "e:10" {
			t.Errorf("resumes from %q", a.r.Header.Get("Last-Event-ID"))
		}
		w.follower.Restart()
		if a = w.next(); a.r.Header.Get("Last-Event-ID") != "" {
			t.Errorf("resumes from %q", a.r.Header.Get("Last-Event-ID"))
		}
		w.expect("disconnected", "disconnected")
	}, by(EventsOnly))
}
