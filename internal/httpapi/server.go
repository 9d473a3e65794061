package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/cors"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store"
)

// Storage is what the edge reads beside what the engine answers.
type Storage interface {
	store.Log
	store.Floor
	store.Audit
}

// Options are what the edge is made of. All fields but AllowOrigins, Observer
// and Log are needed.
type Options struct {
	Engine    *engine.Engine
	History   *history.Queries
	Directory store.Directory
	Storage   Storage
	Logins    *auth.Logins
	Tokens    *auth.Tokens
	Passwords provision.Hasher
	// AllowOrigins are the origins whose pages may call; "*" allows all.
	AllowOrigins []string
	// AccessChanged is called after tokens or rights may have been taken away, so
	// that whoever holds connections looks at them again; nil: nobody does.
	AccessChanged func()
	Observer      Observer
	Log           *slog.Logger
}

// Observer is told of every answer, for metrics.
type Observer interface {
	// Served reports an answer to an operation ("" where there was none).
	Served(operation string, status int, took time.Duration)
}

// Server answers requests. Make it with [New].
type Server struct {
	Options
	router   *router
	origins  cors.Origins
	requests requestIDs
	logRate  minuteLimit[presence.AgentID]
	authRate minuteLimit[netip.Prefix]
}

// New makes the edge.
func New(o Options) *Server {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.AccessChanged == nil {
		o.AccessChanged = func() {}
	}
	s := &Server{
		Options:  o,
		origins:  cors.NewOrigins(o.AllowOrigins),
		requests: newRequestIDs(),
		logRate:  minuteLimit[presence.AgentID]{limit: logRequestsPerMinute},
		authRate: minuteLimit[netip.Prefix]{limit: authInfoRequestsPerMinute},
	}
	s.router = newRouter(s.routes())
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	answer := &answer{ResponseWriter: w}
	c := &call{server: s, w: answer, r: r}
	defer func() {
		if s.Observer != nil {
			s.Observer.Served(c.operation(), answer.status, time.Since(began))
		}
	}()
	defer c.recover()
	if s.origins.Handle(answer, r) {
		return
	}
	route, err := s.router.find(r)
	if err == nil {
		c.route = route
		err = c.serve()
	}
	if err != nil {
		c.fail(err)
	}
}

// serve passes a request through its route.
func (c *call) serve() error {
	if err := c.admit(); err != nil {
		return err
	}
	result, err := c.route.handle(c)
	if err != nil {
		return err
	}
	return c.answer(result)
}

// Refuse answers a request with an error as the API does, for an edge beside this
// one: with what the rooms below failed with, or an error that is [Stated].
func (s *Server) Refuse(w http.ResponseWriter, r *http.Request, err error) {
	c := &call{server: s, w: &answer{ResponseWriter: w}, r: r}
	c.fail(err)
}

// now is the server's clock, as every answer's timestamp shows it.
func (s *Server) now() api.Time { return api.Time(s.Engine.Now()) }

// Ready reports whether requests can be answered: the store can be read.
func (s *Server) Ready(ctx context.Context) error {
	_, err := s.Storage.LoggedTenants(ctx)
	return err
}
