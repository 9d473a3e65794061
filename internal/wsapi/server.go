package wsapi

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/cors"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream"
)

// Options are what the edge is made of. All fields but AllowOrigins, Observer and
// Log are needed.
type Options struct {
	Engine    *engine.Engine
	Streams   *stream.Streams
	Directory store.DirectoryReader
	Tokens    *auth.Tokens
	// AllowOrigins are the origins whose pages may call, beside those of the
	// server's own host; "*" allows all.
	AllowOrigins []string
	Observer     Observer
	Log          *slog.Logger
}

// Observer is told of connections, for metrics. Its methods must be fast and may
// be called at once.
type Observer interface {
	// Opened reports a connection that was welcomed to a view. The transport is
	// "socket" or "sse".
	Opened(transport, view string)
	// Closed reports the end of a connection that was opened, and its close code:
	// one that was sent, 1005 where the client said that it goes, or 1006 where the
	// connection broke.
	Closed(transport, view string, code int)
	// Refused reports a connection that was never welcomed. The reason is an error
	// code or a close code of the contract, by name, or a code of RFC 6455.
	Refused(reason string)
}

// Server carries streams to clients. Make it with [New] and run it with
// [Server.Run].
type Server struct {
	engine    *engine.Engine
	streams   *stream.Streams
	directory store.DirectoryReader
	tokens    *auth.Tokens
	origins   cors.Origins
	observer  Observer
	log       *slog.Logger

	began     time.Time
	requests  *requestIDs
	buffers   *buffers
	addresses addressPlaces
	users     userPlaces
	slowness  slowness

	// life ends with the server. What connections wait for ends with it.
	life context.Context
	end  context.CancelFunc
	due  atomic.Bool   // tokens and rights are to be looked at again
	left chan struct{} // one place: a connection has ended

	mu       sync.Mutex // guards the fields below
	watches  map[*watch]struct{}
	stopping bool
}

// New makes the edge.
func New(o Options) *Server {
	s := &Server{
		engine:    o.Engine,
		streams:   o.Streams,
		directory: o.Directory,
		tokens:    o.Tokens,
		origins:   cors.NewOrigins(o.AllowOrigins),
		observer:  o.Observer,
		log:       o.Log,
		began:     time.Now(),
		requests:  newRequestIDs(),
		buffers:   newBuffers(),
		left:      make(chan struct{}, 1),
		watches:   make(map[*watch]struct{}),
	}
	s.life, s.end = context.WithCancel(context.Background())
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.observer == nil {
		s.observer = nobody{}
	}
	return s
}

// Serves reports whether the request is for the stream's path.
func (s *Server) Serves(r *http.Request) bool {
	_, ok := tenantText(r)
	return ok
}

// ServeHTTP answers a request for the stream's path: it opens a socket, sends
// events, or refuses. It returns when the socket is open, or the events have
// ended.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.origins.Handle(w, r) {
		return
	}
	text, _ := tenantText(r)
	id, err := presence.ParseUUID(text)
	tenant := presence.TenantID{UUID: id}
	switch {
	case r.Method != http.MethodGet:
		s.refuse(w, newFault(api.CodeMethodNotAllowed, "This path takes other methods: GET.").with("Allow", http.MethodGet))
	case err != nil:
		s.refuse(w, badAttribute("tenantId", "The path's tenantId is no id. Ids look like 8-4-4-4-12 hexadecimal digits."))
	case wantsSocket(r):
		s.serveSocket(w, r, tenant)
	case wantsEvents(r):
		s.serveEvents(w, r, tenant)
	default:
		f := newFault(api.CodeBadRequest, "This is a stream: open a WebSocket, or accept text/event-stream.")
		f.status = http.StatusUpgradeRequired
		s.refuse(w, f.with("Upgrade", "websocket").with("Connection", "Upgrade"))
	}
}

// tenantText is the tenant of the stream's path.
func tenantText(r *http.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/v1/tenants/")
	text, ends := strings.CutSuffix(rest, "/stream")
	return text, ok && ends && text != "" && !strings.Contains(text, "/")
}

// clock is the server's monotonic clock.
func (s *Server) clock() time.Duration { return time.Since(s.began) }

// nobody observes nothing.
type nobody struct{}

func (nobody) Opened(string, string)      {}
func (nobody) Closed(string, string, int) {}
func (nobody) Refused(string)             {}
