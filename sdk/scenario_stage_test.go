package sdk_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/muster-presence/muster/sdk"
)

// stage is where a scenario is played: the client, the server that it talks to, and what has happened since the last stimulus.
type stage struct {
	t       *testing.T
	book    *book
	network *network
	server  *fakeServer
	client  *sdk.Client
	life    context.Context // of calls
	end     context.CancelFunc

	options map[string]any
	brought chan string // what the token callback brings
	params  []string    // texts that were given as parameters, which nothing may repeat

	answered map[string]*request // the last that was seen of each line
	keys     map[string]bool     // Idempotency-Keys that were seen

	mu            sync.Mutex // guards the fields below
	events        []published
	heard         map[string][]published
	subscriptions map[string]sdk.SubscriptionID
	returned      map[string]*published // of calls that have returned since the last look
	running       map[string]bool       // calls that have not returned
	asks          int
	floors        map[string][]any
	leaving       map[string]context.CancelFunc
	remembered    sdk.ResumePoint
}

// published is an event, or how a call ended: a response or an error, as JSON says it.
type published struct {
	topic         string
	response, err any
}

const baseURL = "http://muster.test/v1/"

func newStage(t *testing.T, b *book, s scenario) *stage {
	g := &stage{
		t: t, book: b, network: newNetwork(), server: newFakeServer(b), options: s.Options, brought: make(chan string),
		answered: make(map[string]*request), keys: make(map[string]bool),
		heard: make(map[string][]published), subscriptions: make(map[string]sdk.SubscriptionID), returned: make(map[string]*published),
		running: make(map[string]bool), floors: make(map[string][]any), leaving: make(map[string]context.CancelFunc),
	}
	g.life, g.end = context.WithCancel(context.Background())
	if s.Remembered != nil {
		text, _ := json.Marshal(s.Remembered) // what was read can be written
		if err := json.Unmarshal(text, &g.remembered); err != nil {
			t.Fatalf("remembered: %v", err)
		}
	}
	go func() { _ = g.server.http.Serve(g.network) }() // ends with the network
	return g
}

// open makes the client and listens to everything.
func (g *stage) open() {
	client, err := g.initialize(g.options)
	if err != nil {
		g.t.Fatalf("the scenario's options: %v", err)
	}
	g.client = client
	if _, err := client.Subscribe(sdk.TopicAll, g.hears("")); err != nil {
		g.t.Fatal(err)
	}
}

// close ends the client and everything else, so that the bubble sees whether anything is left.
func (g *stage) close() {
	if g.client != nil {
		g.client.Close()
	}
	g.end()
	_ = g.network.Close()
	_ = g.server.http.Close()
	synctest.Wait()
}

// optionsOf says a script's options in Go.
func (g *stage) initialize(options map[string]any) (*sdk.Client, error) {
	o := sdk.Options{
		BaseURL: baseURL, Client: &http.Client{Transport: &http.Transport{DialContext: g.network.dial, DisableKeepAlives: true}},
	}
	for name, value := range options {
		switch name {
		case "baseUrl":
			o.BaseURL = value.(string)
		case "locale":
			o.Locale = value.(string)
		case "tokenCallback":
			o.Token = g.fetchToken
		case "resume":
			o.Resume = memory{g}
		case "transport":
			o.Transport = map[string]sdk.Transport{"socket": sdk.TransportSocket, "events": sdk.TransportEvents}[value.(string)]
		default:
			return nil, errors.New("Go has no option " + name)
		}
	}
	return sdk.New(o)
}

// fetchToken is the token callback. It brings what the script says, "<nothing>" for an error.
func (g *stage) fetchToken(ctx context.Context) (string, error) {
	g.mu.Lock()
	g.asks++
	g.mu.Unlock()
	select {
	case token := <-g.brought:
		if token == "<nothing>" {
			return "", errors.New("there is no fresh token")
		}
		return token, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// memory is where the client remembers its session.
type memory struct{ stage *stage }

func (m memory) Load() (sdk.ResumePoint, error) {
	m.stage.mu.Lock()
	defer m.stage.mu.Unlock()
	return m.stage.remembered, nil
}

func (m memory) Save(point sdk.ResumePoint) error {
	m.stage.mu.Lock()
	defer m.stage.mu.Unlock()
	m.stage.remembered = point
	return nil
}

// hears is a subscriber that records, as what it is called; "" is the one that every scenario has.
func (g *stage) hears(name string) func(sdk.Event) {
	return func(e sdk.Event) {
		heard := published{topic: string(e.Topic), response: plain(e.Response)}
		if e.Err != nil {
			heard.response, heard.err = nil, plain(e.Err)
		}
		if e.Err != nil && e.Err.Code == sdk.CodeSessionGone || e.Topic == sdk.TopicEnded {
			g.server.ended()
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		switch {
		case name != "":
			g.heard[name] = append(g.heard[name], heard)
		case !g.unseen(e):
			g.events = append(g.events, heard)
		}
	}
}

// unseen are the successes of plumbing that the script does not look at.
func (g *stage) unseen(e sdk.Event) bool {
	switch {
	case e.Err != nil:
		return false
	case e.Topic == sdk.TopicHeartbeat:
		return !g.server.isShown("heartbeats")
	case e.Topic == sdk.TopicLogsSaved:
		return !g.server.isShown("uploads")
	}
	return false
}

func (g *stage) subscribe(s subscriber) {
	record := g.hears(s.As)
	id, err := g.client.Subscribe(sdk.Topic(s.Topic), func(e sdk.Event) {
		record(e)
		if s.Spoils {
			spoil(e.Response)
		}
		if s.Throws {
			panic("the script's subscriber throws")
		}
	})
	if err != nil {
		g.returned[s.As] = &published{err: plain(err)}
		return
	}
	g.subscriptions[s.As] = id
	g.heard[s.As] = nil
}

// spoil writes into what a subscriber was given, as far as Go lets it.
func spoil(response any) {
	switch response := response.(type) {
	case sdk.StateChange:
		for i := range response.AvailableStates {
			response.AvailableStates[i] = "spoiled"
		}
	case sdk.ExtensionList:
		for i := range response.Extensions {
			response.Extensions[i].Value = "spoiled"
		}
	}
}

// call calls a function from a goroutine of its own.
func (g *stage) call(name, as string, params json.RawMessage) (problem string) {
	if name == "floor.watch" {
		return g.watch(as, params)
	}
	run, ok := goFunctions()[name]
	if !ok {
		return "Go has no function " + name
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running[as] {
		return "a call " + as + " is under way already"
	}
	g.running[as] = true
	go func() {
		response, err := run(g.life, g.client, params)
		g.returns(as, response, err)
	}()
	return ""
}

func (g *stage) returns(as string, response any, err error) {
	result := &published{response: plain(response)}
	if err != nil {
		result = &published{err: err.Error()}
		if failed, ok := errors.AsType[*sdk.Error](err); ok {
			result.err = plain(failed)
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.running, as)
	g.returned[as] = result
}

// watch watches a floor until the script leaves it, and records what changes of it.
func (g *stage) watch(as string, params json.RawMessage) (problem string) {
	p, err := parameters[sdk.WatchParams](params)
	if err != nil {
		return err.Error()
	}
	ctx, leave := context.WithCancel(g.life)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leaving[as], g.running[as] = leave, true
	go func() {
		for update, err := range g.client.Floor.Watch(ctx, p) {
			if err != nil {
				g.returns(as, nil, err)
				return
			}
			g.shows(as, update)
		}
		g.returns(as, nil, nil)
	}()
	return ""
}

// shows records an update. How many of them changes come in is a matter of when they are taken: those of a step are one.
func (g *stage) shows(as string, update sdk.FloorUpdate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case update.Reset:
		g.floors[as] = append(g.floors[as], map[string]any{"reset": plain(update.Rows)})
	case len(update.Rows) > 0:
		rows := plain(update.Rows).([]any)
		last := len(g.floors[as]) - 1
		if last >= 0 {
			if before, ok := g.floors[as][last].(map[string]any)["change"].([]any); ok {
				g.floors[as][last] = map[string]any{"change": append(before, rows...)}
				return
			}
		}
		g.floors[as] = append(g.floors[as], map[string]any{"change": rows})
	}
}
