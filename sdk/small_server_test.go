package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/muster-presence/muster/api"
)

// smallServer answers as Muster does to one user who is one agent, on connections in memory, which virtual time knows. What it says
// is the least that a client goes on with; what is said in which order is proved by the scenarios.
type smallServer struct {
	*pipes

	mu       sync.Mutex     // guards the fields below
	asked    map[string]int // by method and the path's last word
	sockets  int            // open
	most     int            // of sockets at once
	hangs    func(line string) bool
	instead  func(line, body string) (status int, answer string) // of the usual answer; status 0 for that
	released chan struct{}                                       // closed when what hangs is to go on
	streams  map[*websocket.Conn]struct{}
}

// pipes are a listener on connections in memory.
type pipes struct {
	dialed chan net.Conn
	closed chan struct{}
	end    func()
}

func newPipes() *pipes {
	p := &pipes{dialed: make(chan net.Conn), closed: make(chan struct{})}
	p.end = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.dialed:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.end(); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case p.dialed <- far:
		return near, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

const theTenant = "6f1a4d0e-9a35-4a57-8a5b-2f6f0a1f1b01"

func newSmallServer(t *testing.T) *smallServer {
	t.Helper()
	s := &smallServer{
		pipes: newPipes(), asked: make(map[string]int),
		hangs: func(string) bool { return false }, released: make(chan struct{}), streams: make(map[*websocket.Conn]struct{}),
	}
	running := &http.Server{Handler: s}
	go func() { _ = running.Serve(s) }() // ends with the bubble
	t.Cleanup(func() {
		close(s.released)
		s.eachStream(func(c *websocket.Conn) { _ = c.CloseNow() })
		_ = running.Close()
	})
	return s
}

// client is a client of the server, which is closed with the test if not before.
func (s *smallServer) client(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	return idle(t, append([]func(*Options){func(o *Options) {
		o.Client = &http.Client{Transport: &http.Transport{DialContext: s.dial, DisableKeepAlives: true}}
	}}, change...)...)
}

// inSession is a client whose user has logged in and is in a session.
func (s *smallServer) inSession(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	c := s.client(t, change...)
	enterTenant(t, c)
	return c
}

// enterTenant logs a client's user in, and into the tenant.
func enterTenant(t *testing.T, c *Client) {
	t.Helper()
	if _, err := c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant}); err != nil {
		t.Fatal(err)
	}
}

func (s *smallServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	line := r.Method + " " + path[strings.LastIndexByte(path, '/')+1:]
	s.mu.Lock()
	s.asked[line]++
	hangs, instead := s.hangs(line), s.instead
	s.mu.Unlock()
	if hangs {
		select {
		case <-s.released:
		case <-r.Context().Done():
		}
		return
	}
	if strings.HasSuffix(path, "/stream") {
		s.stream(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if instead != nil {
		body, _ := io.ReadAll(r.Body)
		if status, answer := instead(line, string(body)); status != 0 {
			w.WriteHeader(status)
			fmt.Fprint(w, answer)
			return
		}
	}
	fmt.Fprint(w, s.answer(line, path))
}

func (s *smallServer) answer(line, path string) string {
	state := fmt.Sprintf(`"tenantId":%q,"resourceId":%q,"sessionId":%q,"state":"notready","direction":"inbound","availableStates":["ready","offline"],"stateSince":"2000-01-01T00:00:00.000Z","timestamp":%q`, theTenant, me, mine, api.TimeOf(time.Now()))
	switch {
	case line == "POST tokens":
		return `{"token":"token","ttl":86400}`
	case line == "POST login":
		return fmt.Sprintf(`{"result":{"userId":%q,"defaultTenant":%q,"tenants":[]}}`, me, theTenant)
	case line == "GET config":
		return `{"result":{"extensions":[{"id":"e","type":"sip","value":"1","description":""}],"activeExtension":{"id":"e","type":"sip","value":"1","description":""},"reasonLists":[],"integrations":[],"messageTemplates":[]}}`
	case line == "POST session":
		return `{"result":{` + state + `,"startedAt":"2000-01-01T00:00:00.000Z","silentMonitoring":false,"metadata":null}}`
	case line == "POST heartbeat":
		return fmt.Sprintf(`{"result":{"heartbeatDelay":15,"timestamp":%q}}`, api.TimeOf(time.Now()))
	case line == "GET "+theTenant:
		return fmt.Sprintf(`{"result":{"id":%q,"name":"T","active":true,"timezone":"UTC","regionId":"r"}}`, theTenant)
	case line == "GET me", line == "GET reason-lists":
		return `{"result":[]}`
	case line == "GET "+me && strings.Contains(path, "/users/"):
		return fmt.Sprintf(`{"result":{"id":%q,"extensions":[{"id":"e","type":"sip","value":"1"}],"activeExtension":null}}`, me)
	}
	return `{"result":{` + state + `}}`
}

// stream welcomes, shows a row, and asks every four seconds whether the client is there.
func (s *smallServer) stream(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer conn.CloseNow()
	s.count(conn, 1)
	defer s.count(conn, -1)
	_, text, err := conn.Read(ctx)
	if err != nil {
		return
	}
	var hello struct{ View api.View }
	if json.Unmarshal(text, &hello) != nil {
		return
	}
	go func() {
		defer cancel()
		for {
			if _, _, err := conn.Read(ctx); err != nil {
				return
			}
		}
	}()
	row := fmt.Sprintf(`{"tenantId":%q,"resourceId":%q,"sessionId":%q,"state":"notready","direction":"inbound","availableStates":["ready","offline"],"stateSince":"2000-01-01T00:00:00.000Z","timestamp":%q,"work":[],"version":1}`, theTenant, me, mine, api.TimeOf(time.Now()))
	say := func(format string, args ...any) bool {
		return conn.Write(ctx, websocket.MessageText, fmt.Appendf(nil, format, args...)) == nil
	}
	say(`{"type":"welcome","cursor":"e:1","beatMs":4000,"timestamp":%q}`, api.TimeOf(time.Now()))
	say(`{"type":"snapshot","cursor":"e:1","part":1,"last":true,"rows":[%s]}`, row)
	for n := 1; say(`{"type":"beat","n":%d}`, n); n++ {
		select {
		case <-time.After(4 * time.Second):
		case <-ctx.Done():
			return
		}
	}
}

func (s *smallServer) count(conn *websocket.Conn, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sockets += n
	s.most = max(s.most, s.sockets)
	if n > 0 {
		s.streams[conn] = struct{}{}
	} else {
		delete(s.streams, conn)
	}
}

func (s *smallServer) eachStream(do func(*websocket.Conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.streams {
		do(conn)
	}
}

// hang makes requests hang whose method and last word are such.
func (s *smallServer) hang(which func(line string) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangs = which
}

// answers has requests answered otherwise.
func (s *smallServer) answers(instead func(line, body string) (status int, answer string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.instead = instead
}

// tell pushes an event.
func (s *smallServer) tell(seq int, message string) {
	s.eachStream(func(c *websocket.Conn) {
		_ = c.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"type":"events","events":[{"seq":%d,"prev":%d,"message":%s}]}`, seq, seq-1, message))
	})
}

func (s *smallServer) times(line string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[line]
}

func (s *smallServer) open() (now, most int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sockets, s.most
}
