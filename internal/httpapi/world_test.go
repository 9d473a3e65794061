package httpapi

import (
	"bytes"
	"context"
	_ "embed"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store/cached"
	"github.com/muster-presence/muster/internal/store/memory"
)

//go:embed testdata/floor.yaml
var floorFile []byte

// world is the edge with everything behind it: real parts on the model of a
// store, and the people of testdata/floor.yaml.
type world struct {
	tb        testing.TB
	store     *memory.Store
	directory *cached.Directory
	engine    *engine.Engine
	tokens    *auth.Tokens
	server    *Server
	log       *logLines
	served    *servedAnswers
	issued    *issuedTokens
}

// issuedTokens keeps a token for each person.
type issuedTokens struct {
	mu sync.Mutex // guards the field below
	of map[person]string
}

// newWorld makes a world that ends with the test. Options can be changed before
// the edge is made of them.
func newWorld(tb testing.TB, change ...func(*Options)) *world {
	tb.Helper()
	kept := memory.New()
	w := &world{
		tb:        tb,
		store:     kept,
		directory: cached.NewDirectory(kept, 1000),
		log:       new(logLines),
		served:    new(servedAnswers),
		issued:    &issuedTokens{of: make(map[person]string)},
	}
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	passwords := auth.NewPasswords()
	files := []provision.File{{Name: "floor.yaml", Content: floorFile}}
	if _, err := provision.Apply(context.Background(), w.directory, passwords, files, provision.Options{}); err != nil {
		tb.Fatal(err)
	}
	var err error
	if w.tokens, err = auth.OpenTokens(context.Background(), kept, w.directory, time.Now); err != nil {
		tb.Fatal(err)
	}
	w.engine = engine.New(engine.Options{Storage: kept, Directory: w.directory, Bus: new(local.Bus), Log: logger})
	options := Options{
		Engine:    w.engine,
		History:   history.NewQueries(history.NewProjector(kept, kept, logger), kept),
		Directory: w.directory,
		Storage:   kept,
		Logins:    auth.NewLogins(w.directory, passwords, w.tokens, time.Now),
		Tokens:    w.tokens,
		Passwords: passwords,
		Observer:  w.served,
		Log:       logger,
	}
	for _, c := range change {
		c(&options)
	}
	w.server = New(options)
	w.run()
	return w
}

// run lets the engine work until the test ends.
func (w *world) run() {
	w.tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	if err := w.engine.Start(ctx); err != nil {
		w.tb.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- w.engine.Run(ctx) }() // ends with the cleanup below
	w.tb.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			w.tb.Error(err)
		}
	})
}

// as is the same world with another test to complain to.
func (w *world) as(tb testing.TB) *world {
	other := *w
	other.tb = tb
	return &other
}

// tokenOf is a token of the person, the same one each time.
func (w *world) tokenOf(p person) string {
	w.tb.Helper()
	w.issued.mu.Lock()
	defer w.issued.mu.Unlock()
	if w.issued.of[p] == "" {
		w.issued.of[p] = w.freshToken(p, 0)
	}
	return w.issued.of[p]
}

func (w *world) freshToken(p person, ttl time.Duration) string {
	w.tb.Helper()
	user, err := w.store.User(context.Background(), agentID(p))
	if err != nil {
		w.tb.Fatal(err)
	}
	token, _, err := w.tokens.Issue(user, ttl)
	if err != nil {
		w.tb.Fatal(err)
	}
	return token
}

// provision applies more files, as the system itself.
func (w *world) provision(yaml string) {
	w.tb.Helper()
	files := []provision.File{{Name: "more.yaml", Content: []byte(yaml)}}
	if _, err := provision.Apply(context.Background(), w.directory, w.server.Passwords, files, provision.Options{}); err != nil {
		w.tb.Fatal(err)
	}
}

// sessionOf is the live session of the person, nil without one.
func (w *world) sessionOf(tenant string, p person) *presence.Session {
	w.tb.Helper()
	agent, err := w.engine.Agent(context.Background(), keyOf(tenant, p))
	if err != nil {
		w.tb.Fatal(err)
	}
	return agent.Session
}

// logLines keeps what was logged.
type logLines struct {
	mu   sync.Mutex // guards the field below
	text bytes.Buffer
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// servedAnswers is the observer: the operations and statuses that were counted.
type servedAnswers struct {
	mu  sync.Mutex // guards the field below
	all []servedAnswer
}

type servedAnswer struct {
	Operation string
	Status    int
}

func (s *servedAnswers) Served(operation string, status int, _ time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, servedAnswer{operation, status})
}

func (s *servedAnswers) last() servedAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[len(s.all)-1]
}
