package follow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

const tenant = "6f1a4d0e-9a35-4a57-8a5b-2f6f0a1f1b01"

// world is a follower and the server that a test plays to it, in virtual time.
type world struct {
	t        *testing.T
	follower *Follower
	seen     *recorder
	tokens   *tokens
	listener *memoryListener
	arrivals chan *arrival
	stop     context.CancelFunc
	ran      chan error
}

// arrival is a request of the follower that waits for what the test makes of it.
type arrival struct {
	w    http.ResponseWriter
	r    *http.Request
	at   time.Time
	done chan struct{}
}

// inWorld plays a test against a follower that runs. Once the test is over nothing may be left of it.
func inWorld(t *testing.T, play func(w *world), change ...func(*Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			t: t, seen: new(recorder), tokens: &tokens{token: "first"}, listener: newMemoryListener(),
			arrivals: make(chan *arrival), ran: make(chan error, 1),
		}
		ctx, stop := context.WithCancel(context.Background())
		w.stop = stop
		ended := make(chan struct{})
		server := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			a := &arrival{w: rw, r: r, at: time.Now(), done: make(chan struct{})}
			select {
			case w.arrivals <- a:
				select {
				case <-a.done:
				case <-ended:
				}
			case <-r.Context().Done():
			case <-ended:
			}
		})}
		go func() { _ = server.Serve(w.listener) }()
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return w.listener.dial() }}
		o := Options{
			Base: &url.URL{Scheme: "http", Host: "muster.example", Path: "/v1/"}, HTTP: &http.Client{Transport: transport},
			Tenant: tenant, View: api.ViewSelf, Name: "muster-go/test", Tokens: w.tokens, Receiver: w.seen,
		}
		for _, c := range change {
			c(&o)
		}
		w.follower = New(o)
		go func() { w.ran <- w.follower.Run(ctx) }()
		defer func() { // however play ends
			stop()
			if err := <-w.ran; err != nil {
				t.Errorf("Run returned %v", err)
			}
			close(ended)
			transport.CloseIdleConnections()
			_ = server.Close()
		}()
		play(w)
	})
}

// floor makes the follower follow a floor.
func floor(o *Options) { o.View = api.ViewFloor }

// by makes the follower keep to a transport.
func by(transport Transport) func(*Options) { return func(o *Options) { o.Transport = transport } }

// next is the follower's next request.
func (w *world) next() *arrival {
	w.t.Helper()
	select {
	case a := <-w.arrivals:
		return a
	case <-time.After(time.Hour):
		w.t.Fatal("the follower does not come")
		return nil
	}
}

// none checks that the follower does not come for a time.
func (w *world) none(within time.Duration) {
	w.t.Helper()
	select {
	case a := <-w.arrivals:
		w.t.Fatalf("the follower comes with %s", a.r.Header)
	case <-time.After(within):
	}
}

// socket accepts the follower's next request as a socket and reads its hello.
func (w *world) socket() *peer {
	w.t.Helper()
	a := w.next()
	conn, err := websocket.Accept(a.w, a.r, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &peer{t: w.t, conn: conn, arrival: a}
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	if err := json.Unmarshal([]byte(p.hear()), &p.hello); err != nil {
		w.t.Fatal(err)
	}
	return p
}

// welcomed is a socket of a follower that is welcome and holds a snapshot at e:10.
func (w *world) welcomed() *peer {
	w.t.Helper()
	p := w.socket()
	p.say(welcome("e:10"), snapshotAt("e:10", `"row"`))
	w.expect("welcome", `snapshot ["row"]`)
	return p
}

// expect compares what the receiver was told since the last time.
func (w *world) expect(want ...string) {
	w.t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, w.seen.take()); diff != "" {
		w.t.Fatalf("the receiver is told otherwise (-want +got):\n%s", diff)
	}
}

// why is the last reason of a disconnection.
func (w *world) why() error {
	w.seen.mu.Lock()
	defer w.seen.mu.Unlock()
	return w.seen.reason
}

// stopped waits for Run to stop by itself.
func (w *world) stopped() *Stopped {
	w.t.Helper()
	var s *Stopped
	if err := <-w.ran; !errors.As(err, &s) {
		w.t.Fatalf("Run returned %v", err)
	}
	w.ran <- nil // for the end of the world
	return s
}

// refuse answers a request with an error of the server's.
func (a *arrival) refuse(status int, code api.Code, headers ...string) {
	for i := 0; i < len(headers); i += 2 {
		a.w.Header().Set(headers[i], headers[i+1])
	}
	a.w.Header().Set("Content-Type", "application/json")
	a.w.WriteHeader(status)
	_ = json.NewEncoder(a.w).Encode(api.ErrorResponse{Error: api.Error{Code: code, Message: "No."}})
	close(a.done)
}

// page answers a request like something on the way.
func (a *arrival) page(status int) {
	http.Error(a.w, "<html>", status)
	close(a.done)
}

// events answers a request with Server-Sent Events.
func (a *arrival) events(frames ...string) *arrival {
	a.w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	return a.write(frames...)
}

// write sends frames as events.
func (a *arrival) write(frames ...string) *arrival {
	for _, f := range frames {
		_, _ = fmt.Fprintf(a.w, "id: e:1\ndata: %s\n\n", f)
	}
	_ = http.NewResponseController(a.w).Flush()
	return a
}

// peer is the server's end of a socket.
type peer struct {
	t     *testing.T
	conn  *websocket.Conn
	hello api.HelloFrame
	*arrival
}

func (p *peer) say(frames ...string) {
	p.t.Helper()
	for _, f := range frames {
		if err := p.conn.Write(context.Background(), websocket.MessageText, []byte(f)); err != nil {
			p.t.Fatal(err)
		}
	}
}

// hear reads a frame of the follower's.
func (p *peer) hear() string {
	p.t.Helper()
	_, text, err := p.conn.Read(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

// left waits for the follower to say goodbye, and answers.
func (p *peer) left() {
	p.t.Helper()
	if _, text, err := p.conn.Read(context.Background()); websocket.CloseStatus(err) != websocket.StatusNormalClosure {
		p.t.Fatalf("got %s, %v", text, err)
	}
}

func (p *peer) cut() { _ = p.conn.CloseNow() }

func (p *peer) close(code api.CloseCode) {
	_ = p.conn.Close(websocket.StatusCode(code), code.Reason())
}

func (p *peer) cursor() string {
	if p.hello.Cursor == nil {
		return ""
	}
	return *p.hello.Cursor
}

func welcome(cursor string) string {
	return `{"type":"welcome","cursor":"` + cursor + `","beatMs":4000,"timestamp":"2026-03-01T08:00:00.300Z"}`
}

func snapshotAt(cursor string, rows ...string) string { return partAt(cursor, 1, true, rows...) }

func partAt(cursor string, part int, last bool, rows ...string) string {
	raw := make([]json.RawMessage, len(rows))
	for i, row := range rows {
		raw[i] = json.RawMessage(row)
	}
	text, _ := json.Marshal(map[string]any{"type": "snapshot", "cursor": cursor, "part": part, "last": last, "rows": raw})
	return string(text)
}

// event is a frame of one event whose message is its number.
func event(prev, seq int) string {
	return fmt.Sprintf(`{"type":"events","events":[{"seq":%d,"prev":%d,"message":%d}]}`, seq, prev, seq)
}

// recorder is a receiver that writes down what it is told.
type recorder struct {
	mu      sync.Mutex
	told    []string
	reason  error
	onEvent func()
	beat    time.Duration
	server  api.Time
	sent    time.Time
	came    time.Time
}

func (r *recorder) tell(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, fmt.Sprintf(format, args...))
}

func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	told := r.told
	r.told = nil
	return told
}

func (r *recorder) Welcomed(beat time.Duration, server api.Time, sent, received time.Time, socket bool) {
	r.beat, r.server, r.sent, r.came = beat, server, sent, received
	if socket {
		r.tell("welcome")
	} else {
		r.tell("welcome by events")
	}
}

func (r *recorder) Snapshot(rows []json.RawMessage) { r.tell("snapshot %s", rows) }

func (r *recorder) Event(message json.RawMessage) {
	r.tell("event %s", message)
	if r.onEvent != nil {
		r.onEvent()
	}
}

func (r *recorder) Unreadable(text []byte, _ error) { r.tell("unreadable %s", text) }

func (r *recorder) Disconnected(reason error) {
	r.mu.Lock()
	r.reason = reason
	r.mu.Unlock()
	r.tell("disconnected")
}

// tokens are given out one after the other.
type tokens struct {
	mu      sync.Mutex
	token   string
	fresh   []string // what Refused brings
	refused []string // with the code
}

func (k *tokens) Token() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.token
}

func (k *tokens) set(token string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.token = token
}

func (k *tokens) Refused(_ context.Context, refused string, code api.Code) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.refused = append(k.refused, refused+" "+string(code))
	if len(k.fresh) == 0 {
		return "", errors.New("there is no fresh token")
	}
	k.token, k.fresh = k.fresh[0], k.fresh[1:]
	return k.token, nil
}
