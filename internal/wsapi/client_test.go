package wsapi

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"github.com/muster-presence/muster/api"
)

// client is a client that says whatever a test wants, down to the bytes.
type client struct {
	t      testing.TB
	conn   *memoryConn
	server *memoryConn // the other end
	from   *bufio.Reader
}

// frame is a frame of the server's, whichever it is.
type frame struct {
	Type      api.FrameType
	Cursor    string
	BeatMs    int64
	Timestamp *time.Time
	Part      int
	Last      bool
	Rows      []json.RawMessage
	Events    []struct {
		Seq, Prev int64
		Message   json.RawMessage
	}
	N      uint64
	Seq    *int64
	Sum    *uint32
	Code   int
	Reason string

	close api.CloseCode // of a close frame
	said  string        // with it
}

const home = "192.0.2.7:40000"

// handshake is the head of a request that becomes a socket.
func handshake(tenant string, headers ...string) string {
	head := "GET /v1/tenants/" + tenant + "/stream HTTP/1.1\r\nHost: muster.example\r\n"
	for _, h := range append([]string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="}, headers...) {
		head += h + "\r\n"
	}
	return head + "\r\n"
}

// connect is a connection from home, with nothing said.
func (w *world) connect() *client { return w.connectFrom(home, inFlight) }

func (w *world) connectFrom(address string, limit int) *client {
	c := &client{t: w.t}
	c.conn, c.server = w.listener.dial(address, limit)
	c.from = bufio.NewReader(c.conn)
	return c
}

// upgraded is a socket on which nothing has been said.
func (w *world) upgraded() *client {
	w.t.Helper()
	c := w.connect()
	c.send(handshake(north))
	if got := c.response(); got.StatusCode != http.StatusSwitchingProtocols {
		w.t.Fatalf("the handshake is answered by %s", got.Status)
	}
	return c
}

// watching is a socket that was welcomed and has the snapshot or what was missed
// before it.
func (w *world) watching(person, view string, more ...string) *client {
	w.t.Helper()
	c := w.upgraded()
	c.hello(w.token(person, 0), view, more...)
	if got := c.next(); got.Type != api.FrameTypeWelcome {
		w.t.Fatalf("got %+v, want a welcome", got)
	}
	return c
}

// settled is watching after the snapshot.
func (w *world) settled(person, view string, more ...string) *client {
	w.t.Helper()
	c := w.watching(person, view, more...)
	if got := c.next(); got.Type != api.FrameTypeSnapshot || !got.Last {
		w.t.Fatalf("got %+v, want a snapshot", got)
	}
	return c
}

// send sends bytes as they are.
func (c *client) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.t.Fatal(err)
	}
}

// masked is a frame as clients send it.
func masked(op ws.OpCode, fin bool, payload string) string {
	frame := ws.MaskFrameInPlaceWith(ws.NewFrame(op, fin, []byte(payload)), [4]byte{1, 2, 3, 4})
	return string(ws.MustCompileFrame(frame))
}

func text(payload string) string { return masked(ws.OpText, true, payload) }

// hello says hello. More are members of JSON.
func (c *client) hello(token, view string, more ...string) {
	c.t.Helper()
	c.send(text(helloOf(token, view, more...)))
}

func helloOf(token, view string, more ...string) string {
	members := append([]string{`"type":"hello"`, fmt.Sprintf(`"token":%q`, token), fmt.Sprintf(`"view":%q`, view)}, more...)
	return "{" + strings.Join(members, ",") + "}"
}

func (c *client) answer(n uint64) { c.send(text(fmt.Sprintf(`{"type":"beat","n":%d}`, n))) }

// response is the server's answer to a request.
func (c *client) response() *http.Response {
	c.t.Helper()
	r, err := http.ReadResponse(c.from, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// raw is the next frame on the socket.
func (c *client) raw() ws.Frame {
	c.t.Helper()
	f, err := ws.ReadFrame(c.from)
	if err != nil {
		c.t.Fatalf("read a frame: %v", err)
	}
	if err := ws.CheckHeader(f.Header, ws.StateClientSide); err != nil || !f.Header.Fin {
		c.t.Fatalf("the server sends %+v: %v", f.Header, err)
	}
	return f
}

// next is the next frame.
func (c *client) next() frame {
	c.t.Helper()
	raw := c.raw()
	var f frame
	switch raw.Header.OpCode {
	case ws.OpText:
		if err := json.Unmarshal(raw.Payload, &f); err != nil {
			c.t.Fatalf("%v: %s", err, raw.Payload)
		}
	case ws.OpClose:
		code, reason := ws.ParseCloseFrameData(raw.Payload)
		f.close, f.said = api.CloseCode(code), reason
	default:
		c.t.Fatalf("unexpected %+v", raw)
	}
	return f
}

// nextOf is the next frame of the kind; others before it are dropped.
func (c *client) nextOf(kind api.FrameType) frame {
	c.t.Helper()
	for {
		f := c.next()
		if f.Type == kind {
			return f
		}
		if f.close != 0 {
			c.t.Fatalf("closed with %d %s, want a %s", f.close, f.said, kind)
		}
	}
}

// wantClose expects the code, with its sentence, after whatever comes before; and
// then the end of the connection once the client has answered.
func (c *client) wantClose(code api.CloseCode) {
	c.t.Helper()
	var f frame
	for f.close == 0 {
		f = c.next()
	}
	if f.close != code || f.said != reasonOf(code) || f.said == "" {
		c.t.Fatalf("closed with %d %q, want %d", f.close, f.said, code)
	}
	_, _ = io.WriteString(c.conn, masked(ws.OpClose, true, string(ws.NewCloseFrameBody(ws.StatusCode(code), ""))))
	began := time.Now()
	c.wantEnd()
	if waited := time.Since(began); waited > closeTime {
		c.t.Errorf("the connection ends %s after the close frame", waited)
	}
}

// wantEnd expects that the server ends the connection.
func (c *client) wantEnd() {
	c.t.Helper()
	if rest, err := io.ReadAll(c.from); err != nil || len(rest) != 0 {
		c.t.Fatalf("got %q, %v, want the end", rest, err)
	}
	_ = c.conn.Close()
	synctest.Wait()
}

// wantOpen expects that the socket is still there: a ping is answered.
func (c *client) wantOpen() {
	c.t.Helper()
	c.send(masked(ws.OpPing, true, "there?"))
	for {
		f := c.raw()
		if f.Header.OpCode == ws.OpPong && string(f.Payload) == "there?" {
			return
		}
		if f.Header.OpCode == ws.OpClose {
			c.t.Fatalf("closed: %q", f.Payload)
		}
	}
}

// leave says that the client goes.
func (c *client) leave() {
	c.send(masked(ws.OpClose, true, string(ws.NewCloseFrameBody(ws.StatusNormalClosure, ""))))
	for {
		if f := c.raw(); f.Header.OpCode == ws.OpClose {
			break
		}
	}
	c.wantEnd()
}

// obey answers beats for a while and returns how many.
func (c *client) obey(d time.Duration) (beats int) {
	c.t.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(d))
	defer func() { _ = c.conn.SetReadDeadline(time.Time{}) }()
	for {
		raw, err := ws.ReadFrame(c.from)
		if isTimeout(err) {
			return beats
		}
		if err != nil || raw.Header.OpCode != ws.OpText {
			c.t.Fatalf("got %+v, %v", raw, err)
		}
		var f frame
		if err := json.Unmarshal(raw.Payload, &f); err != nil {
			c.t.Fatal(err)
		}
		if f.Type == api.FrameTypeBeat {
			beats++
			c.answer(f.N)
		}
	}
}
