package rest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// server is a real HTTP server on connections in memory, which virtual time knows.
type server struct {
	t        *testing.T
	dialed   chan net.Conn
	closed   chan struct{}
	handler  http.HandlerFunc
	mu       sync.Mutex // guards requests
	requests []seen
}

// seen is a request as the server got it.
type seen struct {
	at            time.Duration // since the server began
	line          string        // method and escaped target
	header        http.Header
	body          string
	authorization string
}

// serve runs a server until the bubble ends. The handler is called by one request at a time here.
func serve(t *testing.T, handler http.HandlerFunc) *server {
	t.Helper()
	s := &server{t: t, dialed: make(chan net.Conn), closed: make(chan struct{}), handler: handler}
	began := time.Now()
	running := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, seen{
			at: time.Since(began), line: r.Method + " " + r.RequestURI, header: r.Header,
			body: string(body), authorization: r.Header.Get("Authorization"),
		})
		s.mu.Unlock()
		s.handler(w, r)
	})}
	go func() { _ = running.Serve(s) }()
	t.Cleanup(func() { _ = running.Close() })
	return s
}

func (s *server) Accept() (net.Conn, error) {
	select {
	case conn := <-s.dialed:
		return conn, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *server) Close() error   { close(s.closed); return nil }
func (s *server) Addr() net.Addr { return &net.TCPAddr{} }

func (s *server) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case s.dialed <- far:
		return near, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// client is a client of the server. Its connections serve once, so that net/http repeats nothing by itself.
func (s *server) client(change ...func(*rest.Options)) *rest.Client {
	base, _ := url.Parse("http://muster.test/v1/")
	o := rest.Options{
		Base:   base,
		HTTP:   &http.Client{Transport: &http.Transport{DialContext: s.dial, DisableKeepAlives: true}},
		Tokens: &tokens{present: "first"},
		Name:   "muster-test",
	}
	for _, f := range change {
		f(&o)
	}
	return rest.New(o)
}

func (s *server) seen() []seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// count fails the test unless so many requests came.
func (s *server) count(want int) {
	s.t.Helper()
	if got := len(s.seen()); got != want {
		s.t.Fatalf("%d requests came, want %d", got, want)
	}
}

// answers gives the answers in turn, and the last again and again.
func answers(list ...http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		next := list[0]
		if len(list) > 1 {
			list = list[1:]
		}
		next(w, r)
	}
}

func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut ends the connection in the place of an answer.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// hang answers nothing until the client has gone.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// tokens replace the present token by the next of a list, after a while.
type tokens struct {
	present string
	next    []string
	wait    time.Duration
	asked   []string // which were refused, and why
}

var errNoToken = errors.New("no fresh token")

func (k *tokens) Token() string { return k.present }

func (k *tokens) Refused(ctx context.Context, refused string, code api.Code) (string, error) {
	k.asked = append(k.asked, refused+" "+string(code))
	select {
	case <-time.After(k.wait):
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if len(k.next) == 0 {
		return "", errNoToken
	}
	k.present, k.next = k.next[0], k.next[1:]
	return k.present, nil
}

// failed is the failure that an error must be.
func failed(t *testing.T, err error) *rest.Failure {
	t.Helper()
	failure, ok := errors.AsType[*rest.Failure](err)
	if !ok {
		t.Fatalf("%v is no failure", err)
	}
	return failure
}

// patient is a GET of something that is tried again for 30 s.
func patient() rest.Request {
	return rest.Request{Method: http.MethodGet, Path: []string{"me"}, Patience: rest.Patience{Budget: 30 * time.Second}}
}
