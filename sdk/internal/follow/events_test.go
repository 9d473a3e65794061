package follow

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func isSocket(a *arrival) bool { return a.r.Header.Get("Upgrade") == "websocket" }

func TestEvents_AskInTheRequest(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		r := w.next().r
		want := http.Header{"Accept": {"text/event-stream"}, "Authorization": {"Token first"}, "Cache-Control": {"no-store"}, "User-Agent": {"muster-go/test"}}
		got := r.Header.Clone()
		got.Del("Accept-Encoding")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if r.URL.RequestURI() != "/v1/tenants/"+tenant+"/stream?group=Sales+%26+Co&view=floor" {
			t.Errorf("got %s", r.URL)
		}
	}, by(EventsOnly), floor, func(o *Options) { o.Group = "Sales & Co" })
}

func TestEvents_ResumeWithTheLastEventID(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a := w.next()
		a.events(welcome("e:10"), snapshotAt("e:10", `"row"`), event(10, 12), `{"type":"beat","n":1}`)
		w.expect("welcome by events", `snapshot ["row"]`, "event 12")
		close(a.done)
		a = w.next()
		if got := a.r.Header.Get("Last-Event-ID"); got != "e:12" || !errors.Is(w.why(), io.ErrUnexpectedEOF) {
			t.Errorf("resumes from %q because of %v", got, w.why())
		}
		a.events(welcome("e:12"), event(12, 13), event(15, 16))
		w.expect("disconnected", "welcome by events", "event 13", "disconnected")
		if a = w.next(); a.r.Header.Get("Last-Event-ID") != "e:13" {
			t.Errorf("resumes with %v", a.r.Header)
		}
	}, by(EventsOnly))
}

func TestEvents_AreReadInAllTheirSpellings(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a := w.next().events()
		_, _ = io.WriteString(a.w, ": hello\r\n\r\nretry: 5\r\ndata:"+welcome("e:10")+"\r\n\r\n\r\nid: x\n\nevent: e\ndata: {\"type\":\ndata:\"later\"}\n\n")
		a.write(snapshotAt("e:10"), `nonsense`, event(10, 11))
		w.expect("welcome by events", "snapshot []", "unreadable nonsense", "event 11")
	}, by(EventsOnly))
}

func TestEvents_EndWithAClose(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.next().events(welcome("e:10"), snapshotAt("e:10"), `{"type":"close","code":4000,"reason":"Resume."}`, event(10, 11))
		w.next().events(welcome("e:10"), `{"type":"close","code":4202,"reason":"Stop."}`)
		if s := w.stopped(); s.Code != api.CloseForbidden || s.Reason != "Stop." {
			t.Errorf("got %+v", s)
		}
		w.expect("welcome by events", "snapshot []", "disconnected", "welcome by events", "disconnected")
	}, by(EventsOnly))
}

func TestEvents_AreDeadAfterTwoAndAHalfBeats(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a := w.next().events(welcome("e:10"), snapshotAt("e:10"))
		time.Sleep(9 * time.Second)
		a.write(`{"type":"beat","n":1}`)
		time.Sleep(10*time.Second - time.Millisecond)
		w.expect("welcome by events", "snapshot []")
		time.Sleep(time.Millisecond)
		w.expect("disconnected")
		if !errors.Is(w.why(), errSilent) {
			t.Errorf("got %v", w.why())
		}
		began := w.next().at
		if waited := w.next().at.Sub(began); waited < welcomeTime || !errors.Is(w.why(), errSilent) {
			t.Errorf("a server that answers nothing has %s: %v", waited, w.why())
		}
	}, by(EventsOnly))
}

func TestEvents_ThatAreTooLongAreNotCollected(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a := w.next().events()
		line := "data: " + strings.Repeat("x", 1<<20) + "\n"
		for range 20 {
			if _, err := io.WriteString(a.w, line); err != nil {
				break // it has left
			}
		}
		w.next()
		if !errors.Is(w.why(), errLong) {
			t.Errorf("got %v", w.why())
		}
	}, by(EventsOnly))
}

func TestAuto_TakesEventsWhereNoSocketGetsThrough(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]func(*arrival){
		"a page with 200":                   func(a *arrival) { a.page(http.StatusOK) },
		"a page with 403":                   func(a *arrival) { a.page(http.StatusForbidden) },
		"a page with 502":                   func(a *arrival) { a.page(http.StatusBadGateway) },
		"the server's 426, without Upgrade": func(a *arrival) { a.refuse(http.StatusUpgradeRequired, api.CodeBadRequest) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				for range 2 {
					a := w.next()
					if !isSocket(a) {
						t.Fatalf("got %v", a.r.Header)
					}
					block(a)
				}
				a := w.next()
				if isSocket(a) {
					t.Fatal("it tries a third socket")
				}
				a.events(welcome("e:10"), snapshotAt("e:10"))
				w.expect("disconnected", "disconnected", "welcome by events", "snapshot []")
				close(a.done)
				if a = w.next(); !isSocket(a) {
					t.Fatal("it tries no socket")
				}
				block(a)
				if a = w.next(); isSocket(a) || a.r.Header.Get("Last-Event-ID") != "e:10" {
					t.Fatalf("one attempt shows it, got %v", a.r.Header)
				}
			})
		})
	}
}

func TestAuto_TriesASocketAgainAfterFiveMinutes(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.next().page(http.StatusNotFound)
		w.next().page(http.StatusNotFound)
		a := w.next().events(welcome("e:10"), snapshotAt("e:10"))
		for time.Since(a.at) < 5*time.Minute-4*time.Second {
			time.Sleep(4 * time.Second)
			a.write(`{"type":"beat","n":1}`)
		}
		p := w.socket()
		if p.at.Sub(a.at) != 5*time.Minute || p.cursor() != "e:10" {
			t.Errorf("after %s it resumes from %q", p.at.Sub(a.at), p.cursor())
		}
		p.say(welcome("e:10"))
		p.cut()
		w.next().page(http.StatusNotFound) // sockets have got through since: that is one in a row
		if a := w.next(); !isSocket(a) {
			t.Errorf("got %v", a.r.Header)
		}
	})
}

func TestAuto_StaysWithSocketsThroughOrdinaryTrouble(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		for _, trouble := range []func(*arrival){
			func(a *arrival) { a.refuse(http.StatusServiceUnavailable, api.CodeUnavailable) },
			func(a *arrival) { a.refuse(http.StatusInternalServerError, api.CodeInternal) },
			func(a *arrival) { a.page(http.StatusServiceUnavailable) },
			func(a *arrival) { a.page(http.StatusTooManyRequests) },
		} {
			trouble(w.next())
		}
		if a := w.next(); !isSocket(a) {
			t.Errorf("got %v", a.r.Header)
		}
	})
}
