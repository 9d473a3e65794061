package demo_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/muster-presence/muster/examples"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/demo"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/httpapi"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store/cached"
	"github.com/muster-presence/muster/internal/store/memory"
)

const password = "demo-password"

// server is the real server in a bubble, on the model of a store and on pipes
// instead of sockets, with the demo's floor in it.
type server struct {
	t      *testing.T
	kept   *memory.Store
	wire   *pipes
	served served
	stop   func() // the process of now
}

// newServer provisions a server for so many simulated agents and starts it.
func newServer(t *testing.T, agents int) *server {
	t.Helper()
	s := &server{t: t, kept: memory.New(), wire: newPipes()}
	files := []provision.File{
		{Name: "demo.yaml", Content: examples.Demo()},
		{Name: "agents", Content: demo.StaffFile(agents, 1, cheapHash())},
	}
	result, err := provision.Apply(t.Context(), s.kept, auth.NewPasswords(), files, provision.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, warning := range result.Warnings {
		t.Errorf("provisioning warns: %v", warning)
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
	log := slog.New(slog.DiscardHandler)
	core := engine.New(engine.Options{Storage: s.kept, Directory: directory, Bus: new(local.Bus), Log: log})
	if err := core.Start(ctx); err != nil {
		s.t.Fatal(err)
	}
	edge := &http.Server{Handler: httpapi.New(httpapi.Options{
		Engine: core, History: history.NewQueries(history.NewProjector(s.kept, s.kept, log), s.kept),
		Directory: directory, Storage: s.kept, Logins: auth.NewLogins(directory, passwords, tokens, time.Now),
		Tokens: tokens, Passwords: passwords, Observer: &s.served, Log: log,
	})}
	var running sync.WaitGroup
	running.Go(func() { _ = core.Run(ctx) })
	listener := s.wire.listen()
	running.Go(func() { _ = edge.Serve(listener) })
	s.stop = func() {
		_ = edge.Close()
		cancel()
		running.Wait()
	}
}

// options are those of a show at this server.
func (s *server) options(agents int, rate float64, log *bytes.Buffer) demo.Options {
	return demo.Options{
		BaseURL: "http://muster.test/v1/", Tenant: "demo", Agents: agents, ChangesPerSecond: rate, Seed: 1,
		Password: password, Log: slog.New(slog.NewTextHandler(log, nil)),
		Client: &http.Client{Transport: &http.Transport{DialContext: s.wire.dial, MaxIdleConnsPerHost: 16}},
	}
}

// served counts the answers of a server.
type served struct {
	mu      sync.Mutex // guards answers
	answers map[answer]int
}

type answer struct {
	operation string
	status    int
}

// Served implements [httpapi.Observer].
func (s *served) Served(operation string, status int, _ time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answers == nil {
		s.answers = make(map[answer]int)
	}
	s.answers[answer{operation, status}]++
}

func (s *served) times(operation string, status int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answers[answer{operation, status}]
}

func (s *served) each(do func(operation string, status, times int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for a, times := range s.answers {
		do(a.operation, a.status, times)
	}
}
