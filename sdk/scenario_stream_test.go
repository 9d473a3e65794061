package sdk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// What the fake server's log is called, and where a view of it begins.
const (
	epoch       = "5f0f6c1e-9d59-4a52-8a0e-0c8f3f0d7b11"
	firstNumber = 4702
	beatDelay   = 4 * time.Second
)

// streamAct is what a client did about streams: an attempt to open one, or the end of one.
type streamAct struct {
	by, tenant, view, group, cursor, auth string
}

// stream is one that the client asked for.
type stream struct {
	server   *fakeServer
	act      *streamAct
	w        http.ResponseWriter
	decision chan answer // an answer refuses the stream, answer{Status: accepted} opens it
	ended    context.Context
	end      context.CancelFunc
	left     bool // by the server, under the server's mutex

	writing sync.Mutex
	socket  *websocket.Conn // nil for events
}

const accepted = http.StatusSwitchingProtocols

var streamPath = regexp.MustCompile(`^/v1/tenants/([^/]+)/stream$`)

func (s *fakeServer) serveStream(w http.ResponseWriter, r *http.Request) {
	act := &streamAct{by: "events", view: r.URL.Query().Get("view"), group: r.URL.Query().Get("group"), cursor: r.Header.Get("Last-Event-ID"), auth: r.Header.Get("Authorization")}
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		act = &streamAct{by: "socket"}
	}
	if match := streamPath.FindStringSubmatch(r.URL.Path); match != nil {
		act.tenant = match[1]
	}
	st := &stream{server: s, act: act, w: w, decision: make(chan answer, 1)}
	st.ended, st.end = context.WithCancel(context.Background())
	defer st.end()
	s.asksForStream(st)
	select {
	case a := <-st.decision:
		if a.Status != accepted {
			write(w, a)
			return
		}
	case <-r.Context().Done():
		s.gaveUp(st)
		return
	}
	if act.by == "events" {
		st.serveEvents(r)
	} else {
		st.serveSocket(r)
	}
}

// asksForStream decides on an attempt, or lets the script decide.
func (s *fakeServer) asksForStream(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.away:
		st.decision <- answer{Cut: true}
	case !s.shows["stream"] && !s.over:
		st.decision <- answer{Status: accepted}
	default:
		s.streams = append(s.streams, st.act)
		s.waiting = append(s.waiting, st)
		s.arrives("stream")
	}
}

func (s *fakeServer) gaveUp(st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = slices.DeleteFunc(s.waiting, func(w *stream) bool { return w == st })
}

// decide takes the handshake that is held.
func (s *fakeServer) decide(a answer) (problem string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) != 1 {
		return fmt.Sprintf("%d streams wait to be opened", len(s.waiting))
	}
	s.body = decoded(a.text())
	s.waiting[0].decision <- a
	s.waiting = nil
	return ""
}

func (st *stream) serveSocket(r *http.Request) {
	socket, err := websocket.Accept(st.w, r, nil)
	if err != nil {
		st.server.complain("a socket's handshake: " + err.Error())
		return
	}
	st.socket = socket
	defer func() { _ = socket.CloseNow() }() // it may be closed
	st.begins()
	for greeted := false; ; greeted = true {
		_, text, err := socket.Read(st.ended)
		if err != nil {
			break
		}
		if frame := decoded(text); greeted || !st.greets(frame) {
			st.takes(frame)
		}
	}
	st.ends()
}

func (st *stream) serveEvents(r *http.Request) {
	st.w.Header().Set("Content-Type", "text/event-stream")
	_ = http.NewResponseController(st.w).Flush() // a client that is gone ends the request
	st.begins()
	select {
	case <-r.Context().Done():
	case <-st.ended.Done():
	}
	st.ends()
}

// begins notes a stream. The one before, which the client has left, may end on this side a moment later.
func (st *stream) begins() {
	s := st.server
	s.mu.Lock()
	before := s.open
	s.mu.Unlock()
	ended := true
	if before != nil {
		select {
		case <-before.ended.Done():
		case <-time.After(time.Millisecond):
			ended = false
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ended {
		s.wrong = append(s.wrong, "there are two streams at once")
	}
	s.open = st
}

// ends notes the end of a stream; one that the client brought about is an act of its.
func (st *stream) ends() {
	st.end()
	s := st.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == st {
		s.open = nil
	}
	if !st.left && s.shows["stream"] {
		s.streams = append(s.streams, &streamAct{by: "closed"})
	}
}

// greets answers a hello, where the script does not look at streams.
func (st *stream) greets(frame any) bool {
	s := st.server
	s.mu.Lock()
	shown, number := s.shows["stream"], s.number
	s.mu.Unlock()
	if shown {
		return false
	}
	hello, _ := frame.(map[string]any)
	cursor := fmt.Sprintf("%s:%d", epoch, number)
	known, resumes := hello["cursor"]
	if hello["type"] != "hello" || hello["view"] != "self" || !looksLikeID.MatchString(fmt.Sprint(hello["sessionId"])) || resumes && known != cursor {
		s.complain("a stream began with " + written(frame))
	}
	st.send(map[string]any{"type": "welcome", "cursor": cursor, "beatMs": beatDelay.Milliseconds(), "timestamp": "<now>"})
	if !resumes {
		row, _ := s.book.fixtures.fill(map[string]any{"$": "row", "sessionId": hello["sessionId"]}) // it is in the book
		st.send(map[string]any{"type": "snapshot", "cursor": cursor, "part": 1, "last": true, "rows": []any{row}})
	}
	go st.beat()
	return true
}

// beat asks whether the client is there, as long as the script does not look at streams.
func (st *stream) beat() {
	ticker := time.NewTicker(beatDelay)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ticker.C:
		case <-st.ended.Done():
			return
		}
		if st.server.isShown("stream") {
			return
		}
		st.send(map[string]any{"type": "beat", "n": n})
	}
}

func (s *fakeServer) isShown(what string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shows[what]
}

// takes records a frame of the client.
func (st *stream) takes(frame any) {
	s := st.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.shows["stream"] {
		s.frames = append(s.frames, frame)
	}
}

// send sends a frame: a value as JSON, a text as it is.
func (st *stream) send(frame any) {
	text, isText := frame.(string)
	if !isText {
		full, _ := json.Marshal(timed(frame, time.Now())) // what was read can be written
		text = string(full)
	}
	st.writing.Lock()
	defer st.writing.Unlock()
	// A client that is gone is the script's business.
	if st.socket != nil {
		_ = st.socket.Write(st.ended, websocket.MessageText, []byte(text))
		return
	}
	_, _ = fmt.Fprintf(st.w, "data: %s\n\n", text)
	_ = http.NewResponseController(st.w).Flush()
}

// push sends a frame over the open stream.
func (s *fakeServer) push(frame any) (problem string) {
	s.mu.Lock()
	st := s.open
	s.note(frame)
	s.mu.Unlock()
	if st == nil {
		return "no stream is open"
	}
	st.send(frame)
	return ""
}

var cursorNumber = regexp.MustCompile(`:(\d+)$`)

// note keeps the number of the view's last event.
func (s *fakeServer) note(frame any) {
	object, _ := frame.(map[string]any)
	switch object["type"] {
	case "snapshot", "mark":
		if match := cursorNumber.FindStringSubmatch(fmt.Sprint(object["cursor"])); match != nil {
			_, _ = fmt.Sscan(match[1], &s.number)
		}
	case "events":
		for _, event := range object["events"].([]any) {
			s.number = max(s.number, int64(event.(map[string]any)["seq"].(float64)))
		}
	}
}

// tell sends messages as the next events of the view, in one frame.
func (s *fakeServer) tell(messages []any) (problem string) {
	s.mu.Lock()
	number := s.number
	s.mu.Unlock()
	events := make([]any, len(messages))
	for i, message := range messages {
		events[i] = map[string]any{"seq": float64(number + int64(i) + 1), "prev": float64(number + int64(i)), "message": message}
	}
	return s.push(map[string]any{"type": "events", "events": events})
}

// leave ends the open stream: with a close code, or for 0 by a cut.
func (s *fakeServer) leave(code int, reason string) (problem string) {
	s.mu.Lock()
	st := s.open
	if st != nil {
		st.left = true
		s.open = nil
	}
	s.mu.Unlock()
	switch {
	case st == nil:
		return "no stream is open"
	case code != 0 && st.socket != nil:
		go func() { _ = st.socket.Close(websocket.StatusCode(code), reason) }() // it waits for the client
	case code != 0:
		st.send(map[string]any{"type": "close", "code": code, "reason": reason})
		st.end()
	default:
		st.end()
	}
	return ""
}

func (s *fakeServer) setAway(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}
