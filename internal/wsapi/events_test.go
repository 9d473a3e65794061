package wsapi

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

// eventsRequest is a request for Server-Sent Events.
func eventsRequest(tenant, query, token string, headers ...string) string {
	head := "GET /v1/tenants/" + tenant + "/stream" + query + " HTTP/1.1\r\nHost: muster.example\r\nAccept: text/event-stream\r\nAuthorization: Token " + token + "\r\n"
	for _, h := range headers {
		head += h + "\r\n"
	}
	return head + "\r\n"
}

// events is a client that was answered with events.
func (w *world) events(person, query string, headers ...string) *client {
	w.t.Helper()
	c := w.connect()
	c.send(eventsRequest(north, query, w.token(person, 0), headers...))
	c.eventsBegin()
	return c
}

// eventsBegin expects that a request is answered with events.
func (c *client) eventsBegin() {
	c.t.Helper()
	got := c.response()
	if got.StatusCode != http.StatusOK || got.Header.Get("Content-Type") != "text/event-stream" || got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("X-Accel-Buffering") != "no" {
		c.t.Fatalf("got %s %v", got.Status, got.Header)
	}
	c.from = bufio.NewReader(httputil.NewChunkedReader(c.from))
}

// event is the next event and its id.
func (c *client) event() (f frame, id string) {
	c.t.Helper()
	for {
		line, err := c.from.ReadString('\n')
		if err != nil {
			c.t.Fatalf("read an event: %v", err)
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch name {
		case "id":
			id = value
		case "data":
			if err := json.Unmarshal([]byte(value), &f); err != nil {
				c.t.Fatalf("%v: %s", err, value)
			}
		case "":
			return f, id
		default:
			c.t.Fatalf("unexpected line %q", line)
		}
	}
}

// eventOf is the next event of the kind.
func (c *client) eventOf(kind api.FrameType) (frame, string) {
	c.t.Helper()
	for {
		if f, id := c.event(); f.Type == kind {
			return f, id
		}
	}
}

func TestEvents_ShowWhatSocketsShow(t *testing.T) {
	t.Parallel()
	for _, view := range []string{"self", "floor"} {
		t.Run(view, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				w.login(supervisor)
				socket, c := w.watching(supervisor, view), w.events(supervisor, "?view="+view)
				welcome, noID := c.event()
				if welcome.Type != api.FrameTypeWelcome || noID != "" || welcome.BeatMs != 4000 {
					t.Errorf("got %+v, id %q", welcome, noID)
				}
				snapshot, id := c.event()
				if diff := cmp.Diff(socket.next().Rows, snapshot.Rows); diff != "" || id != snapshot.Cursor {
					t.Errorf("id %q: %s", id, diff)
				}
				w.turn(supervisor)
				events, id := c.eventOf(api.FrameTypeEvents)
				if diff := cmp.Diff(socket.nextOf(api.FrameTypeEvents).Events, events.Events); diff != "" || !strings.HasSuffix(id, ":"+string(events.lastSeq())) {
					t.Errorf("id %q: %s", id, diff)
				}
			})
		})
	}
}

// lastSeq is the number of the last event, as text.
func (f frame) lastSeq() string {
	text, _ := json.Marshal(f.Events[len(f.Events)-1].Seq)
	return string(text)
}

func TestEvents_AreOneselfsOwnWhereNoViewIsNamed(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.events(agent, "")
		if got, _ := c.eventOf(api.FrameTypeSnapshot); len(got.Rows) != 1 {
			t.Errorf("got %d rows", len(got.Rows))
		}
	})
}

func TestEvents_ResumeFromTheLastID(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.login(agent)
		c := w.events(supervisor, "?view=floor")
		_, id := c.eventOf(api.FrameTypeSnapshot)
		_ = c.conn.Close()
		w.turn(agent)
		c = w.events(supervisor, "?view=floor", "Last-Event-ID: "+id)
		if got, _ := c.event(); got.Cursor != id {
			t.Errorf("welcomed at %s, want %s", got.Cursor, id)
		}
		if got, _ := c.event(); got.Type != api.FrameTypeEvents || len(got.Events) != 1 {
			t.Errorf("got %+v, want what was missed", got)
		}
		synctest.Wait()
		if _, closed, _ := w.seen.all(); closed["sse floor 1006"] != 1 {
			t.Errorf("closed are %v", closed)
		}
	})
}

func TestEvents_StayOpenByBeatsThatNobodyAnswers(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.events(agent, "")
		began := time.Now()
		for n := uint64(1); n <= 30; n++ { // longer than any time of a request's
			if got, _ := c.eventOf(api.FrameTypeBeat); got.N != n {
				t.Fatalf("got beat %d, want %d", got.N, n)
			}
		}
		if took := time.Since(began); took < 116*time.Second || took > 120*time.Second {
			t.Errorf("30 beats took %s", took)
		}
	})
}

func TestEvents_EndWithAReason(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(w *world)
		want api.CloseCode
	}{
		"the server stops": {func(w *world) { go w.stop() }, api.CloseGoingAway},
		"tokens are revoked": {func(w *world) {
			if err := w.tokens.RevokeAll(w.t.Context(), keyOf(agent).Agent); err != nil {
				w.t.Fatal(err)
			}
			w.server.Recheck()
		}, api.CloseTokenRevoked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				client := w.events(agent, "")
				client.eventOf(api.FrameTypeSnapshot)
				c.end(w)
				began := time.Now()
				got, _ := client.eventOf(api.FrameTypeClose)
				if got.Code != int(c.want) || got.Reason != c.want.Reason() || time.Since(began) > time.Second {
					t.Errorf("after %s got %+v", time.Since(began), got)
				}
				if rest, err := io.ReadAll(client.from); err != nil || len(rest) != 0 {
					t.Errorf("then %q, %v", rest, err)
				}
			})
		})
	}
}

func TestEvents_OfASlowClientEnd(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.login(agent)
		c := w.connectFrom(home, 1<<10)
		c.send(eventsRequest(north, "?view=floor", w.token(supervisor, 0)))
		synctest.Wait()
		w.turn(agent)
		time.Sleep(writeTime + closeTime + time.Second)
		if _, closed, _ := w.seen.all(); closed["sse floor 4001"] != 1 {
			t.Errorf("closed are %v", closed)
		}
	})
}

func TestEvents_ThatCannotBeginAreRefusedAsRequestsAre(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request func(w *world) string
		status  int
		code    api.Code
		about   string
	}{
		"no token":          {func(*world) string { return eventsRequest(north, "", "") }, 401, api.CodeBadCredentials, ""},
		"a foreign token":   {func(*world) string { return eventsRequest(north, "", "x") }, 401, api.CodeBadCredentials, ""},
		"an expired token":  {func(w *world) string { return eventsRequest(north, "", w.old(agent)) }, 401, api.CodeTokenExpired, ""},
		"a revoked token":   {func(w *world) string { return eventsRequest(north, "", w.revoked(agent)) }, 401, api.CodeTokenRevoked, ""},
		"a missing right":   {func(w *world) string { return eventsRequest(north, "?view=floor", w.token(agent, 0)) }, 403, api.CodeForbidden, ""},
		"another's tenant":  {func(w *world) string { return eventsRequest(south, "", w.token(agent, 0)) }, 404, api.CodeNotFound, ""},
		"an unknown tenant": {func(w *world) string { return eventsRequest(no, "", w.token(agent, 0)) }, 404, api.CodeNotFound, ""},
		"no id":             {func(w *world) string { return eventsRequest("north", "", w.token(agent, 0)) }, 400, api.CodeBadRequest, "tenantId"},
		"an unknown view":   {func(w *world) string { return eventsRequest(north, "?view=all", w.token(agent, 0)) }, 400, api.CodeBadRequest, "view"},
		"a group of self":   {func(w *world) string { return eventsRequest(north, "?group=Sales", w.token(agent, 0)) }, 400, api.CodeBadRequest, "group"},
		"no cursor": {func(w *world) string { return eventsRequest(north, "", w.token(agent, 0), "Last-Event-ID: 7") },
			400, api.CodeBadRequest, "Last-Event-ID"},
		"another method": {func(*world) string { return strings.Replace(handshake(north), "GET", "POST", 1) }, 405, api.CodeMethodNotAllowed, ""},
		"neither":        {func(*world) string { return strings.Replace(handshake(north), "Upgrade: websocket\r\n", "", 1) }, 426, api.CodeBadRequest, ""},
		"no version":     {func(*world) string { return strings.Replace(handshake(north), "Version: 13", "Version: 8", 1) }, 426, api.CodeBadRequest, ""},
		"no key":         {func(*world) string { return strings.Replace(handshake(north), "Key: AAAA", "Key: ", 1) }, 400, api.CodeBadRequest, ""},
		"no connection": {func(*world) string {
			return strings.Replace(handshake(north), "Connection: Upgrade", "Connection: close", 1)
		}, 400, api.CodeBadRequest, ""},
		"a foreign page": {func(*world) string { return handshake(north, "Origin: https://evil.example") }, 403, api.CodeForbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				request := c.request(w)
				client := w.connect()
				client.send(request)
				if got := wantFault(t, client.response(), c.status, c.code); got.Attribute != c.about {
					t.Errorf("it is about %q, want %q", got.Attribute, c.about)
				}
				if _, _, refused := w.seen.all(); refused[string(c.code)] != 1 {
					t.Errorf("refused are %v", refused)
				}
			})
		})
	}
}
