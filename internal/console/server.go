package console

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/static"
)

// Logins checks passwords. [*auth.Logins] does; it must be the API's, so that who
// is slowed there is slowed here.
type Logins interface {
	Login(ctx context.Context, attempt auth.Attempt) (token string, life time.Duration, err error)
}

// Tokens verifies, derives and revokes tokens. [*auth.Tokens] does.
type Tokens interface {
	Verify(ctx context.Context, token string) (auth.Identity, error)
	Derive(parent auth.Identity, ttl time.Duration) (token string, life time.Duration, err error)
	Revoke(ctx context.Context, identity auth.Identity) error
}

// Options are what the console is made of. All but AllowFrames and Guests are needed.
type Options struct {
	Logins Logins
	Tokens Tokens
	// Refuse answers with an error as the API does. It takes those of package auth
	// and those that have a method Contract.
	Refuse func(w http.ResponseWriter, r *http.Request, err error)
	// AllowFrames are the origins whose pages may frame the console's, each as
	// [CheckFrame] wants it.
	AllowFrames []string
	// Guests are log-ins that everybody may know, by the path of the page that
	// names them to whoever comes; none but in a demo.
	Guests map[string]Guest
	// AccessChanged is called after tokens were revoked, so that whoever holds
	// connections looks at them again.
	AccessChanged func()
}

// Server serves the console. Make it with [New].
type Server struct {
	Options
	bundle  bundle
	policy  string
	actions map[string]http.HandlerFunc
}

// New makes the console of what is embedded.
func New(o Options) *Server {
	files, err := readBundle(embedded)
	if err != nil {
		panic(err) // a build without its files
	}
	files.welcome(o.Guests)
	s := &Server{Options: o, bundle: files, policy: contentPolicy(o.AllowFrames)}
	s.actions = map[string]http.HandlerFunc{
		"/console/login":  s.act(s.logIn),
		"/console/token":  s.act(s.token),
		"/console/logout": s.act(s.logOut),
	}
	return s
}

// Serves reports whether the request is for the console.
func (*Server) Serves(r *http.Request) bool {
	_, page := pages[r.URL.Path]
	return page || strings.HasPrefix(r.URL.Path, "/console/")
}

// ServeHTTP answers with a page, with what a page loads, or to what it asks.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	if action := s.actions[r.URL.Path]; action != nil {
		action(w, r)
		return
	}
	s.serveFile(w, r)
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	file, header := s.bundle[r.URL.Path], w.Header()
	_, page := pages[r.URL.Path]
	switch {
	case file == nil:
		// Of another version, for the most part: a page that is loaded anew is right.
		static.Say(w, http.StatusNotFound, "There is no such file.")
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		header.Set("Allow", "GET, HEAD")
		static.Say(w, http.StatusMethodNotAllowed, "The console's files can only be read.")
		return
	case page:
		header.Set("Content-Security-Policy", s.policy)
	default:
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
	}
	caching := static.AskFirst
	if strings.HasPrefix(r.URL.Path, assetsPath) {
		caching = static.ForEver
	}
	file.Serve(w, r, caching)
}
