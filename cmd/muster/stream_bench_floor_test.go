package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/examples"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/demo"
	"github.com/muster-presence/muster/internal/provision"
)

// benchAgent is an agent of a floor that is measured.
type benchAgent struct {
	id, token, session string
}

// benchFloor is the folder of a server with so many agents, and their tokens.
type benchFloor struct {
	folder     string
	tenant     string
	agents     []*benchAgent
	supervisor benchAgent
	http       *http.Client
}

// newBenchFloor provisions a folder. The settings are lines of a tenant's.
func newBenchFloor(b testing.TB, agents int, settings ...string) *benchFloor {
	b.Helper()
	f := &benchFloor{folder: b.TempDir(), http: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}, Timeout: time.Minute,
	}}
	n, err := openNode(b.Context(), f.folder, serverFlags{Listen: "127.0.0.1:0", MetricsListen: "none"}, slog.New(slog.DiscardHandler))
	must(b, err)
	defer func() { must(b, n.close()) }()
	hash, err := n.passwords.Hash(b.Context(), demoPassword)
	must(b, err)
	content := string(examples.Demo())
	for _, setting := range settings {
		name, _, _ := strings.Cut(setting, ":")
		lines := strings.Split(content, "\n")
		for i, line := range lines {
			if strings.HasPrefix(strings.TrimSpace(line), name+":") {
				lines[i] = "      " + setting
			}
		}
		content = strings.Join(lines, "\n")
	}
	_, err = provision.Apply(b.Context(), n.directory, n.passwords, []provision.File{
		{Name: "demo.yaml", Content: []byte(content)}, {Name: "staff.yaml", Content: demo.StaffFile(agents, 1, hash)},
	}, provision.Options{})
	must(b, err)
	f.tenant, err = tenantByKey(b.Context(), n.directory, "demo")
	must(b, err)
	tokens, err := auth.OpenTokens(b.Context(), n.database, n.directory, time.Now)
	must(b, err)
	issue := func(username string) benchAgent {
		user, err := n.directory.UserByName(b.Context(), username)
		must(b, err)
		token, _, err := tokens.Issue(user, 0)
		must(b, err)
		return benchAgent{id: user.ID.String(), token: token}
	}
	for i := range agents {
		f.agents = append(f.agents, new(issue(demo.Username(i, 1))))
	}
	f.supervisor = issue("supervisor@demo.example")
	return f
}

// post sends a request and returns the result's field of that name.
func (f *benchFloor) post(address string, who *benchAgent, path, body, field string) (string, error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+address+"/v1/tenants/"+f.tenant+"/presence/"+who.id+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Token "+who.token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := f.http.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s (%v)", answer.Status, text, err)
	}
	if field == "" {
		return "", nil
	}
	var result api.Result[map[string]any]
	err = json.Unmarshal(text, &result)
	value, _ := result.Result[field].(string)
	return value, err
}

// logIn starts a session for every agent.
func (f *benchFloor) logIn(b testing.TB, address string) {
	b.Helper()
	var group errgroup.Group
	group.SetLimit(64)
	for _, agent := range f.agents {
		group.Go(func() (err error) {
			agent.session, err = f.post(address, agent, "/session", "null", "sessionId")
			return err
		})
	}
	must(b, group.Wait())
	f.http.CloseIdleConnections()
}

func (f *benchFloor) path() string { return "/v1/tenants/" + f.tenant + "/stream" }

// hello is what an agent's client says, with a cursor if it has one.
func (f *benchFloor) hello(agent *benchAgent, cursor string) string {
	text := fmt.Sprintf(`{"type":"hello","token":"%s","view":"self","sessionId":"%s","client":"bench/1"`, agent.token, agent.session)
	if cursor != "" {
		text += fmt.Sprintf(`,"cursor":"%s"`, cursor)
	}
	return text + "}"
}

// crowd is many sockets.
type crowd struct {
	mu      sync.Mutex // guards sockets
	sockets []*benchSocket
	serving sync.WaitGroup
}

// gather opens so many sockets, at most so many at once, and lets them answer
// beats. Hello is what each says first.
func gather(b testing.TB, address, path string, n, atOnce int, hello func(i int) string) *crowd {
	b.Helper()
	c := &crowd{sockets: make([]*benchSocket, n)}
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error {
			s, err := dialBench(address, path, fmt.Sprintf("127.0.0.%d", 2+i%200))
			if err != nil {
				return err
			}
			if err := s.greet(hello(i)); err != nil {
				return err
			}
			c.sockets[i] = s
			return nil
		})
	}
	must(b, group.Wait())
	for _, s := range c.sockets {
		c.serving.Go(func() { _ = s.serve(nil) })
	}
	return c
}

// cut breaks all connections at once.
func (c *crowd) cut() {
	for _, s := range c.sockets {
		s.cut()
	}
	c.serving.Wait()
}

// benchAgents is how many agents a benchmark has; fewer where the variable says
// so, for trying.
func benchAgents(b testing.TB, n int) int {
	if text := os.Getenv("STREAM_BENCH_AGENTS"); text != "" {
		var fewer int
		_, err := fmt.Sscan(text, &fewer)
		must(b, err)
		return min(n, fewer)
	}
	return n
}
