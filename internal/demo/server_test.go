package demo_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
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

// play runs a show for so long, with something beside it.
func play(t *testing.T, o demo.Options, length time.Duration, during func(*demo.Show)) *demo.Show {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	defer o.Client.CloseIdleConnections()
	show := demo.New(o)
	ended := make(chan error)
	go func() { ended <- show.Run(ctx) }()
	if during != nil {
		during(show)
	}
	if err := <-ended; err != nil {
		t.Errorf("the show ended with: %v", err)
	}
	return show
}

func TestShow_LivesInARealServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 24
		s := newServer(t, agents)
		var log bytes.Buffer
		show := play(t, s.options(agents, 6, &log), 3*time.Minute, func(show *demo.Show) {
			time.Sleep(20 * time.Second)
			if stats := show.Stats(); stats.LoggedIn < 20 || stats.Ready < 8 || stats.OnCalls < 4 {
				t.Errorf("after 20 s: %s", stats)
			}
		})
		if stats := show.Stats(); stats.Agents != agents || stats.Changes < 6*3*60*7/10 {
			t.Errorf("in the end %d changes: %s", stats.Changes, stats)
		}
		if text := log.String(); strings.Contains(text, "WARN") || strings.Contains(text, "ERROR") {
			t.Errorf("logged:\n%s", text)
		}
		for _, operation := range []string{
			"createToken", "login", "getConfig", "updateMember", "startSession", "heartbeat",
			"setState", "setDirection", "listFloor", "putWork", "deleteWork",
		} {
			if s.served.times(operation, http.StatusOK) == 0 {
				t.Errorf("nobody asked for %s", operation)
			}
		}
		s.served.each(func(operation string, status, times int) {
			switch {
			case status == http.StatusOK:
			case operation == "setState" && status == http.StatusConflict && times < 20: // work_open
			case operation == "putWork" && status == http.StatusNotFound && times < 20: // the session has ended
			case operation == "deleteWork" && status == http.StatusNotFound && times < 20:
			default:
				t.Errorf("%d × %s was answered %d", times, operation, status)
			}
		})
	})
}

func TestShow_RidesOutARestartOfARealServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 12
		s := newServer(t, agents)
		var log bytes.Buffer
		show := play(t, s.options(agents, 1, &log), 4*time.Minute, func(show *demo.Show) {
			time.Sleep(time.Minute)
			before := show.Stats()
			s.wire.cut()
			s.stop()
			time.Sleep(time.Minute)
			s.start()
			sessions := s.served.times("startSession", http.StatusOK)
			time.Sleep(30 * time.Second)
			after := show.Stats()
			if after.LoggedIn < before.LoggedIn-2 || after.Changes == before.Changes {
				t.Errorf("before the restart %s, after it %s", before, after)
			}
			if fresh := s.served.times("startSession", http.StatusOK) - sessions; fresh > agents/3 {
				t.Errorf("%d sessions were started anew", fresh)
			}
		})
		if stats := show.Stats(); stats.OnCalls == 0 {
			t.Errorf("in the end: %s", stats)
		}
		if lines := strings.Count(log.String(), "\n"); lines == 0 || lines > 60 {
			t.Errorf("%d lines were logged:\n%s", lines, log.String())
		}
	})
}

func TestShow_GoesOnWhereAnEarlierOneStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 12
		s := newServer(t, agents)
		var log bytes.Buffer
		play(t, s.options(agents, 1, &log), time.Minute, nil)
		show := play(t, s.options(agents, 1, &log), 2*time.Minute, nil)
		if stats := show.Stats(); stats.LoggedIn < agents-4 || stats.OnCalls == 0 {
			t.Errorf("in the end: %s", stats)
		}
		if text := log.String(); strings.Contains(text, "WARN") {
			t.Errorf("logged:\n%s", text)
		}
	})
}

func TestShow_RefusesOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	sound := demo.Options{BaseURL: "http://127.0.0.1:1/v1/", Tenant: "demo", Agents: 1, ChangesPerSecond: 1}
	for what, spoil := range map[string]func(*demo.Options){
		"no address":           func(o *demo.Options) { o.BaseURL = "" },
		"an address of a file": func(o *demo.Options) { o.BaseURL = "file:///v1/" },
		"fewer than no agents": func(o *demo.Options) { o.Agents = -1 },
		"too many agents":      func(o *demo.Options) { o.Agents = demo.MaxAgents + 1 },
		"no changes":           func(o *demo.Options) { o.ChangesPerSecond = 0 },
		"no tenant":            func(o *demo.Options) { o.Tenant = "" },
	} {
		spoiled := sound
		spoil(&spoiled)
		if err := demo.New(spoiled).Run(t.Context()); err == nil {
			t.Errorf("%s was accepted", what)
		}
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
