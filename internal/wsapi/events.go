package wsapi

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/stream"
)

// events is a watch by Server-Sent Events, in the goroutine of its request.
type events struct {
	watch
	w           http.ResponseWriter
	control     *http.ResponseController
	wakes       chan struct{} // one place: a wake-up that nobody has taken yet says it all
	interrupted chan struct{} // closed once there is a code
	asked       uint64

	mu   sync.Mutex // guards done, and the response against being touched after it
	done bool
}

// wantsEvents reports whether the request asks for Server-Sent Events.
func wantsEvents(r *http.Request) bool {
	for _, value := range r.Header["Accept"] {
		for kind := range strings.SplitSeq(value, ",") {
			kind, _, _ = strings.Cut(kind, ";")
			if strings.EqualFold(strings.TrimSpace(kind), "text/event-stream") {
				return true
			}
		}
	}
	return false
}

// serveEvents sends events until the client leaves or something ends them.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request, tenant presence.TenantID) {
	h, f := helloOfRequest(r)
	if f != nil {
		s.refuse(w, f)
		return
	}
	e := &events{
		watch:       watch{server: s, transport: "sse", key: presence.Key{Tenant: tenant}},
		w:           w,
		control:     http.NewResponseController(w),
		wakes:       make(chan struct{}, 1),
		interrupted: make(chan struct{}),
	}
	e.carrier = e
	s.add(&e.watch)
	defer e.release()
	if err := e.open(r.Context(), h); err != nil {
		code := e.settle(codeAfter(err))
		e.end(code)
		f := faultOf(code)
		f.cause = err
		s.refuse(w, f)
		return
	}
	e.start()
	err := e.serve(r.Context())
	e.complain(codeAfter(err), err)
	code := e.settle(codeAfter(err))
	e.sayClose(code)
	e.end(code)
}

// helloOfRequest reads from the request what clients of sockets say in a hello.
func helloOfRequest(r *http.Request) (hello, *fault) {
	query := r.URL.Query()
	view := api.View(query.Get("view"))
	if view == "" {
		view = api.ViewSelf
	}
	h := hello{floor: view == api.ViewFloor, group: query.Get("group")}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "Token") || strings.EqualFold(scheme, "Bearer") {
		h.token = strings.TrimSpace(token)
	}
	switch {
	case !view.Valid():
		return h, badAttribute("view", "The parameter view must be self or floor.")
	case h.group != "" && !h.floor:
		return h, badAttribute("group", "The parameter group goes with view=floor.")
	}
	if text := r.Header.Get("Last-Event-ID"); text != "" {
		var err error
		if h.cursor, err = stream.ParseCursor(text); err != nil {
			return h, badAttribute("Last-Event-ID", "The header Last-Event-ID must be a cursor of this stream's.")
		}
	}
	return h, nil
}

func (e *events) open(ctx context.Context, h hello) (err error) {
	defer e.guard(&err)
	ctx, cancel := context.WithTimeout(ctx, welcomeTime)
	defer cancel()
	if err := e.identify(h.token, stream.View{Floor: h.floor, Group: h.group}); err != nil {
		return err
	}
	return e.begin(ctx, h.cursor, e.wake)
}

func (e *events) wake() {
	select {
	case e.wakes <- struct{}{}:
	default:
	}
}

// interrupt implements carrier.
func (e *events) interrupt() {
	close(e.interrupted) // once: there is one code
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.done {
		_ = e.control.SetWriteDeadline(time.Now().Add(closeTime))
	}
}

// serve sends what there is until the watch is interrupted or the client is gone.
func (e *events) serve(ctx context.Context) (err error) {
	defer e.guard(&err)
	header := e.w.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Accel-Buffering", "no") // of proxies
	e.w.WriteHeader(http.StatusOK)
	if err := e.write(appendEvent(nil, e.welcome(), stream.Cursor{})); err != nil {
		return err
	}
	beat := time.NewTimer(firstBeat(e.told))
	defer beat.Stop()
	for {
		if err := e.sendAll(); err != nil {
			return err
		}
		select {
		case <-e.wakes:
		case <-beat.C:
			e.asked++
			e.sub.Beat(e.asked)
			beat.Reset(e.rhythm().delay)
		case <-e.interrupted:
			return errNotWritten
		case <-ctx.Done():
			return connectionError{ctx.Err()}
		}
	}
}

// sendAll sends frames until none waits.
func (e *events) sendAll() error {
	buf := e.server.buffers.write()
	defer e.server.buffers.doneWriting(buf)
	frame := e.server.buffers.write()
	defer e.server.buffers.doneWriting(frame)
	for {
		var failed error
		*buf, failed = e.gather((*buf)[:0], frame)
		if len(*buf) > 0 {
			if err := e.write(*buf); err != nil {
				return err
			}
		}
		if failed != nil || len(*buf) < writeSize {
			return failed
		}
	}
}

// gather appends events that wait, up to about the size of a write. The frame is a
// buffer to make each in: its id goes before it and is known after it.
func (e *events) gather(b []byte, frame *[]byte) ([]byte, error) {
	for len(b) < writeSize {
		text, cursor, err := e.sub.Next(e.server.life, (*frame)[:0])
		*frame = text
		if err != nil || len(text) == 0 {
			return b, err
		}
		b = appendEvent(b, text, cursor)
	}
	return b, nil
}

// appendEvent appends a frame, which is one line, as an event.
func appendEvent(b, frame []byte, cursor stream.Cursor) []byte {
	if !cursor.IsZero() {
		b = append(b, "id: "...)
		b = append(b, cursor.String()...)
		b = append(b, '\n')
	}
	b = append(b, "data: "...)
	b = append(b, frame...)
	return append(b, "\n\n"...)
}

// write sends events at once.
func (e *events) write(text []byte) error {
	_ = e.control.SetWriteDeadline(time.Now().Add(writeTime)) // fails only where there are none
	if e.closing() != 0 {                                     // asked after the deadline is set: whoever interrupts later shortens it again
		return errNotWritten
	}
	_, err := e.w.Write(text)
	if err == nil {
		err = e.control.Flush()
	}
	switch {
	case isTimeout(err):
		return closeError{api.CloseSlowConsumer}
	case err != nil:
		return connectionError{err}
	}
	return nil
}

// sayClose tells the client why the events end. It is the last that is written.
func (e *events) sayClose(code api.CloseCode) {
	if code == broken {
		return
	}
	text, _ := json.Marshal(api.CloseFrame{Type: api.FrameTypeClose, Code: code, Reason: reasonOf(code)}) // cannot fail
	_ = e.control.SetWriteDeadline(time.Now().Add(closeTime))
	_, _ = e.w.Write(appendEvent(nil, text, stream.Cursor{})) // best effort
	_ = e.control.Flush()
}

// release lets go of the response before the request ends.
func (e *events) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done = true
}
