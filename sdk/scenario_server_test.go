package sdk_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// fakeServer records every request and holds it until the script answers it. What a session needs by itself it answers at once,
// unless the script looks at it.
type fakeServer struct {
	book *book
	http *http.Server

	mu      sync.Mutex      // guards the fields below
	shows   map[string]bool // what of "heartbeats", "stream" and "uploads" the script looks at
	over    bool            // the session has ended: nothing is needed for it any more
	away    bool            // no stream gets through
	seen    []*request      // since the last look
	pending []*request      // held
	last    map[string]*request
	always  map[string]answer
	streams []*streamAct // since the last look
	waiting []*stream    // handshakes that are held
	open    *stream      // nil without one
	number  int64        // of the last event of the view
	frames  []any        // of the client, since the last look
	body    any          // of the last answer
	wrong   []string     // what no script may allow

	arrived map[string]chan struct{} // by "request" and "stream", holds one item when one has come
}

// request is what the client asked, and what will be answered.
type request struct {
	method, line string // the line is "POST tenants/…?…"
	header       http.Header
	body         []byte
	answered     chan answer
}

func newFakeServer(b *book) *fakeServer {
	s := &fakeServer{
		book: b, shows: make(map[string]bool), number: firstNumber,
		last: make(map[string]*request), always: make(map[string]answer),
		arrived: map[string]chan struct{}{"request": make(chan struct{}, 1), "stream": make(chan struct{}, 1)},
	}
	s.http = &http.Server{Handler: s}
	return s
}

const pathPrefix = "/v1/"

func (s *fakeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, below := strings.CutPrefix(r.URL.EscapedPath(), pathPrefix)
	if !below {
		s.complain("a request went to " + r.URL.EscapedPath())
	}
	if strings.HasSuffix(path, "/stream") {
		s.serveStream(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	line := r.Method + " " + path
	if r.URL.RawQuery != "" {
		line += "?" + r.URL.Query().Encode()
	}
	asked := &request{method: r.Method, line: line, header: r.Header, body: body, answered: make(chan answer, 1)}
	if !s.plumbing(asked) {
		s.hold(asked)
	}
	select {
	case a := <-asked.answered:
		write(w, a)
	case <-r.Context().Done():
		s.drop(asked)
	}
}

var (
	isHeartbeat = regexp.MustCompile(`^POST tenants/[^/]+/presence/[^/]+/heartbeat$`)
	isUpload    = regexp.MustCompile(`^POST tenants/[^/]+/users/[^/]+/logs$`)
	needsKey    = regexp.MustCompile(`^POST tenants/[^/]+/presence/[^/]+(/session|/direction)?$`)
)

// plumbing answers what a session needs by itself.
func (s *fakeServer) plumbing(r *request) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var result any
	switch {
	case isHeartbeat.MatchString(r.line) && !s.shows["heartbeats"] && !s.over:
		result = map[string]any{"heartbeatDelay": 15, "timestamp": "<now>"}
	case isUpload.MatchString(r.line) && !s.shows["uploads"]:
		result = map[string]any{"saved": 1}
	default:
		return false
	}
	text, _ := json.Marshal(result) // of numbers and text only
	r.answered <- answer{Result: text}
	return true
}

// hold records a request. One that repeats what is always answered the same is answered.
func (s *fakeServer) hold(r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.last[r.line]
	s.last[r.line] = r
	if a, ok := s.always[r.line]; ok {
		if !repeats(r, before) {
			s.wrong = append(s.wrong, r.line+" is sent again, but not the same")
		}
		r.answered <- a
		return
	}
	s.seen = append(s.seen, r)
	s.pending = append(s.pending, r)
	s.arrives("request")
}

// arrives lets time stop.
func (s *fakeServer) arrives(what string) {
	select {
	case s.arrived[what] <- struct{}{}:
	default:
	}
}

// wait lets time pass, until something has come if the script says so.
func (s *fakeServer) wait(d time.Duration, until string) {
	arrived := s.arrived[until] // nil for the whole time
	select {
	case <-arrived:
	default: // what came before does not count
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-arrived:
	}
}

// repeats tells whether a request is another sent again: the same body, and the same Idempotency-Key.
func repeats(r, before *request) bool {
	return before != nil && bytes.Equal(r.body, before.body) && keyOf(r) == keyOf(before)
}

func keyOf(r *request) string { return r.header.Get("Idempotency-Key") }

// drop forgets a request that the client has given up.
func (s *fakeServer) drop(r *request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = slices.DeleteFunc(s.pending, func(p *request) bool { return p == r })
}

// answer answers a request that is held: the one named, or the only one.
func (s *fakeServer) answer(a answer) (problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.pending, func(r *request) bool { return a.To == "" || r.line == a.To })
	switch {
	case i < 0:
		return "there is no such request to answer"
	case a.To == "" && len(s.pending) > 1:
		return "there are several requests to answer: say which in \"to\""
	}
	r := s.pending[i]
	s.pending = slices.Delete(s.pending, i, i+1)
	if strings.HasSuffix(r.line, "/session") {
		s.over = false
	}
	s.body = decoded(a.text())
	if a.Always {
		s.always[r.line] = a
	}
	r.answered <- a
	return ""
}

func (s *fakeServer) complain(problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = append(s.wrong, problem)
}

// ended is told that the session is over.
func (s *fakeServer) ended() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

// requestID stands in every error body.
const requestID = "0197a3c2-8000-7000-8000-00000000000a"

// text is the body of an answer.
func (a answer) text() []byte {
	switch {
	case a.Text != nil:
		return []byte(*a.Text)
	case a.Body != nil:
		return timedJSON(a.Body)
	case a.Result != nil:
		return timedJSON([]byte(`{"result":` + string(a.Result) + `}`))
	case a.Error == nil:
		return nil
	}
	told := map[string]any{"message": "The server says no.", "requestId": requestID}
	switch given := decoded(a.Error).(type) {
	case string:
		told["code"] = given
	case map[string]any:
		for key, value := range given {
			told[key] = value
		}
	}
	text, _ := json.Marshal(map[string]any{"error": told}) // what was read can be written
	return text
}

func timedJSON(text []byte) []byte {
	full, _ := json.Marshal(timed(decoded(text), time.Now())) // what was read can be written
	return full
}

func write(w http.ResponseWriter, a answer) {
	if a.Cut {
		panic(http.ErrAbortHandler) // net/http's way to break a connection
	}
	text := a.text()
	w.Header().Set("Content-Type", "application/json")
	for name, value := range a.Headers {
		w.Header().Set(name, value)
	}
	if a.Status != 0 {
		w.WriteHeader(a.Status)
	}
	_, _ = w.Write(text) // a client that is gone is the script's business
}
