package demo

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/examples"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/httpapi"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store/cached"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
	"github.com/muster-presence/muster/internal/wsapi"
	"github.com/muster-presence/muster/sdk"
)

const password = "demo-password"

// server is the real server in a bubble, on the model of a store and on a cable
// instead of sockets, with the demo's floor in it. It looks at who asks, and can
// be made to answer badly.
type server struct {
	t      *testing.T
	kept   *memory.Store
	tenant presence.TenantID
	agents int
	stop   func() // the process of now

	mu     sync.Mutex // guards the fields below
	cable  *Cable
	tokens *auth.Tokens // of the process of now
	conns  []net.Conn
	// trouble answers in the server's place, where it is not nil and has an
	// answer. It may take its time.
	trouble    func(what string, r *http.Request) *answer
	asked      map[string]int         // by what was asked
	answered   map[string]map[int]int // by operation and status
	underWay   int                    // of people's requests
	mostAtOnce int                    // of them
	byToken    map[string]int         // of them
	wrong      []string               // what nobody may do
}

// answer is one in the place of the server's.
type answer struct {
	status     int
	code       api.Code
	retryAfter time.Duration
}

// newServer provisions a server for so many simulated agents and starts it.
func newServer(t *testing.T, agents int) *server {
	t.Helper()
	s := &server{
		t: t, kept: memory.New(), agents: agents,
		asked: make(map[string]int), answered: make(map[string]map[int]int), byToken: make(map[string]int),
	}
	files := []provision.File{
		{Name: "demo.yaml", Content: cheap(examples.Demo())},
		{Name: "agents", Content: StaffFile(agents, 1, cheapHash())},
	}
	result, err := provision.Apply(t.Context(), s.kept, auth.NewPasswords(), files, provision.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, warning := range result.Warnings {
		t.Errorf("provisioning warns: %v", warning)
	}
	tenants, err := s.kept.Tenants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tenant := range tenants {
		if tenant.Key == "demo" {
			s.tenant = tenant.ID
		}
	}
	s.start()
	t.Cleanup(func() { s.stop() })
	return s
}

// cheapHash is a hash of the password that costs next to nothing to check.
func cheapHash() string {
	salt := []byte("of the demo")
	sum := argon2.IDKey([]byte(password), salt, 1, 8, 1, 16)
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=8,t=1,p=1$%s$%s", text(salt), text(sum))
}

// cheap gives everybody in the file a password that costs next to nothing.
func cheap(file []byte) []byte {
	return bytes.ReplaceAll(file, []byte("password: "+password), fmt.Appendf(nil, "passwordHash: %q", cheapHash()))
}

// start begins a process on what is kept; stop ends it as a power cut does.
func (s *server) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	directory := cached.NewDirectory(s.kept, 1000)
	passwords := auth.NewPasswords()
	tokens, err := auth.OpenTokens(ctx, s.kept, directory, time.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	log, wakeUps := slog.New(slog.DiscardHandler), new(local.Bus)
	core := engine.New(engine.Options{Storage: s.kept, Directory: directory, Bus: wakeUps, Log: log})
	if err := core.Start(ctx); err != nil {
		s.t.Fatal(err)
	}
	streams := stream.New(stream.Options{Storage: s.kept, Directory: directory, Bus: wakeUps, Log: log})
	sockets := wsapi.New(wsapi.Options{Engine: core, Streams: streams, Directory: directory, Tokens: tokens, Log: log})
	edge := &http.Server{Handler: s.around(sockets, httpapi.New(httpapi.Options{
		Engine: core, History: history.NewQueries(history.NewProjector(s.kept, s.kept, log), s.kept),
		Directory: directory, Storage: s.kept, Logins: auth.NewLogins(directory, passwords, tokens, time.Now),
		Tokens: tokens, Passwords: passwords, Observer: s, Log: log,
		AccessChanged: func() { sockets.Recheck(); streams.Reload() },
	}))}
	var running, edges sync.WaitGroup
	inner, stopInner := context.WithCancel(context.Background())
	running.Go(func() { _ = core.Run(inner) })
	running.Go(func() { _ = streams.Run(inner) })
	cable := NewCable()
	edges.Go(func() { _ = sockets.Run(ctx) })
	edges.Go(func() { _ = edge.Serve(cable) })
	s.mu.Lock()
	s.cable, s.tokens = cable, tokens
	s.mu.Unlock()
	s.stop = sync.OnceFunc(func() {
		s.cutAll()
		_ = edge.Close()
		cancel()
		edges.Wait()
		stopInner()
		running.Wait()
	})
}

func (s *server) dial(ctx context.Context, network, address string) (net.Conn, error) {
	s.mu.Lock()
	cable := s.cable
	s.mu.Unlock()
	conn, err := cable.Dial(ctx, network, address)
	if err == nil {
		s.mu.Lock()
		s.conns = append(s.conns, conn)
		s.mu.Unlock()
	}
	return conn, err
}

// around looks at each request before the server does.
func (s *server) around(sockets *wsapi.Server, rest http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		what := nameOf(r)
		trouble := s.enter(what, r)
		defer s.leave(what, r)
		if trouble != nil {
			if bad := trouble(what, r); bad != nil {
				bad.write(w)
				return
			}
		}
		if sockets.Serves(r) {
			sockets.ServeHTTP(w, r)
			return
		}
		rest.ServeHTTP(w, r)
	})
}

// nameOf says what a request is for.
func nameOf(r *http.Request) string {
	path := strings.Split(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	switch last := path[len(path)-1]; {
	case last == "tokens":
		return "log in"
	case last == "current":
		return "revoke a token"
	case last == "login":
		return "say who"
	case last == "session":
		return "start a session"
	case last == "direction":
		return "take a direction"
	case last == "heartbeat", last == "stream", last == "logs":
		return last
	case slices.Contains(path, "interactions"):
		return "work"
	case r.Method == http.MethodPost:
		return "go"
	case r.Method == http.MethodPut:
		return "choose an extension"
	}
	return "look"
}

// ofPeople reports whether a request is one of people, and not of their browsers
// or the router.
func ofPeople(what string) bool {
	return what != "heartbeat" && what != "stream" && what != "logs" && what != "work" && what != "log in" && what != "say who" && what != "revoke a token"
}

func (s *server) enter(what string, r *http.Request) (trouble func(string, *http.Request) *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[what]++
	if ofPeople(what) {
		token := r.Header.Get("Authorization")
		s.underWay++
		s.mostAtOnce = max(s.mostAtOnce, s.underWay)
		if s.byToken[token]++; s.byToken[token] > 1 {
			s.wrong = append(s.wrong, "somebody asks twice at once, one time to "+what)
		}
		if (what == "start a session" || what == "go" || what == "take a direction") && r.Header.Get("Idempotency-Key") == "" {
			s.wrong = append(s.wrong, "somebody asks without a key to "+what)
		}
	}
	return s.trouble
}

func (s *server) leave(what string, r *http.Request) {
	if ofPeople(what) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.underWay--
		s.byToken[r.Header.Get("Authorization")]--
	}
}

func (a *answer) write(w http.ResponseWriter) {
	if a.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(a.retryAfter.Seconds())))
	}
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(api.ErrorResponse{Error: api.Error{Code: a.code, Message: "as the test wants"}})
}

// Served implements [httpapi.Observer].
func (s *server) Served(operation string, status int, _ time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answered[operation] == nil {
		s.answered[operation] = make(map[int]int)
	}
	s.answered[operation][status]++
}

func (s *server) set(trouble func(what string, r *http.Request) *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = trouble
}

// times is how often an operation was answered with a status.
func (s *server) times(operation string, status int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answered[operation][status]
}

// count is how often something was asked; "" counts all.
func (s *server) count(what string) (sum int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, times := range s.asked {
		if what == "" || what == name {
			sum += times
		}
	}
	return sum
}

// noWrong fails for what nobody may do.
func (s *server) noWrong() {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, wrong := range s.wrong[:min(len(s.wrong), 5)] {
		s.t.Error(wrong)
	}
	if s.mostAtOnce > workers {
		s.t.Errorf("%d requests of people at once", s.mostAtOnce)
	}
}

// client is a client of the SDK for somebody who looks on.
func (s *server) client(username string) *sdk.Client {
	s.t.Helper()
	transport := &http.Transport{DialContext: s.dial}
	client, err := sdk.New(sdk.Options{BaseURL: "http://muster.test/v1/", Client: &http.Client{Transport: transport}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(client.Close)
	if _, err := client.Authentication.Login(s.t.Context(), sdk.LoginParams{Username: username, Password: password}); err != nil {
		s.t.Fatal(err)
	}
	where := sdk.SetActiveTenantParams{TenantID: s.tenant.String(), NoSession: true}
	if _, err := client.Session.SetActiveTenant(s.t.Context(), where); err != nil {
		s.t.Fatal(err)
	}
	return client
}

// evening is a show at a server that a test watches.
type evening struct {
	rate   float64 // changes a second
	length time.Duration
	until  func() bool // goes on for up to another hour until this holds, because it is a matter of chance; nil for nothing
	past   *Past       // nil for none
	tokens bool        // people are given tokens, and need no password
	during func(*Show) // runs beside the show
}

// play returns the show's statistics and log at the end.
func (s *server) play(e evening) (Stats, string) {
	s.t.Helper()
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		defer cancel()
		time.Sleep(e.length)
		for later := 0; later < 60 && e.until != nil && !e.until(); later++ {
			time.Sleep(time.Minute)
		}
	}()
	o := Options{
		BaseURL: "http://muster.test/v1/", Tenant: "demo", Agents: s.agents, ChangesPerSecond: e.rate, Seed: 1, Past: e.past,
		Password: password, Log: slog.New(slog.NewTextHandler(&log, nil)), Dial: s.dial,
	}
	if e.tokens {
		o.Token = s.tokenOf
	}
	show := New(o)
	ended := make(chan error)
	go func() { ended <- show.Run(ctx) }()
	if e.during != nil {
		e.during(show)
	}
	if err := <-ended; err != nil {
		s.t.Errorf("the show ended with: %v", err)
	}
	return show.Stats(), log.String()
}

// tokenOf issues a token, as a process that is the server too can.
func (s *server) tokenOf(ctx context.Context, username string) (string, error) {
	s.mu.Lock()
	tokens := s.tokens
	s.mu.Unlock()
	user, err := s.kept.UserByName(ctx, username)
	if err != nil {
		return "", err
	}
	token, _, err := tokens.Issue(user, 0)
	return token, err
}

// cutAll cuts all connections.
func (s *server) cutAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		_ = conn.Close()
	}
	s.conns = nil
}

// revokeAll revokes every token that a browser has ever been seen with, and tells
// how many were good.
func (s *server) revokeAll() (revoked int) {
	s.t.Helper()
	s.mu.Lock()
	tokens := slices.Collect(maps.Keys(s.byToken))
	s.mu.Unlock()
	transport := &http.Transport{DialContext: s.dial, DisableKeepAlives: true}
	for _, token := range tokens {
		r, err := http.NewRequestWithContext(s.t.Context(), http.MethodDelete, "http://muster.test/v1/tokens/current", nil)
		if err != nil {
			s.t.Fatal(err)
		}
		r.Header.Set("Authorization", token)
		answer, err := transport.RoundTrip(r)
		if err != nil {
			s.t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode < 300 {
			revoked++
		}
	}
	return revoked
}
