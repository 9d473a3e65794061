package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// The demo's sessions end after half a minute of silence here, Acme's after five seconds.
const (
	demoLease = 30 * time.Second
	acmeLease = 5 * time.Second
	leases    = `
tenants:
  - key: demo
    settings: {heartbeatDelay: 1s, beatDelay: 1s, notReadyAfter: 5s, endAfter: 30s}
  - key: acme
    settings: {heartbeatDelay: 1s, beatDelay: 1s, notReadyAfter: 3s, endAfter: 5s}
users:
`
)

// provisionedForSDK is a folder with so many agents beside the demo's.
func provisionedForSDK(t *testing.T, agents int) string {
	t.Helper()
	var text strings.Builder
	text.WriteString(leases)
	for i := range agents {
		fmt.Fprintf(&text, "  - username: %s\n    password: %s\n    firstName: Agent\n    lastName: %q\n    defaultTenant: demo\n", sdkUsername(i), password, fmt.Sprint(i))
		fmt.Fprintf(&text, "    tenants: [{tenant: demo, roles: [agent], groups: [sales], extensions: [{type: sip, value: \"sip:%d@pbx.example\"}]}]\n", i)
	}
	file := filepath.Join(t.TempDir(), "sdk.yaml")
	must(t, os.WriteFile(file, []byte(text.String()), 0o600))
	data := provisioned(t)
	if _, err := muster(t, "", "apply", "--data", data, file); err != nil {
		t.Fatal("the agents could not be applied")
	}
	return data
}

func sdkUsername(i int) string { return fmt.Sprintf("sdk-%d@demo.example", i) }

// sdkClient is a client that has logged in through a proxy, and everything that it has published since.
type sdkClient struct {
	*sdk.Client
	t      *testing.T
	direct *person // the same user, without weather
	proxy  *proxy

	mu     sync.Mutex // guards events
	events []sdk.Event
}

func newSDKClient(t *testing.T, p *proxy, direct *person, change ...func(*sdk.Options)) *sdkClient {
	t.Helper()
	options := sdk.Options{BaseURL: p.base, Patience: 10 * time.Second}
	for _, f := range change {
		f(&options)
	}
	client, err := sdk.New(options)
	must(t, err)
	c := &sdkClient{Client: client, t: t, direct: direct, proxy: p}
	t.Cleanup(client.Close)
	_, err = client.Subscribe(sdk.TopicAll, func(e sdk.Event) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.events = append(c.events, e)
	})
	must(t, err)
	_, err = client.Authentication.Login(t.Context(), sdk.LoginParams{Token: direct.token})
	must(t, err)
	return c
}

// enter begins a session and returns its id.
func (c *sdkClient) enter() string {
	c.t.Helper()
	_, err := c.Session.SetActiveTenant(c.t.Context(), sdk.SetActiveTenantParams{TenantID: c.direct.tenant})
	must(c.t, err)
	sessions := c.sessions()
	return sessions[len(sessions)-1].id
}

// published is what the client has published so far on the topics, everything without any.
func (c *sdkClient) published(topics ...sdk.Topic) []sdk.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.events), func(e sdk.Event) bool { return len(topics) > 0 && !slices.Contains(topics, e.Topic) })
}

// published is what was published of one session.
type publishedSession struct {
	id     string
	events []sdk.Event
}

// sessions are the client's, oldest first.
func (c *sdkClient) sessions() (all []publishedSession) {
	for _, e := range c.published() {
		if began, is := e.Response.(api.Session); is && e.Topic == sdk.TopicStarted {
			all = append(all, publishedSession{id: *began.SessionID})
			continue
		}
		if len(all) > 0 {
			s := &all[len(all)-1]
			s.events = append(s.events, e)
		}
	}
	return all
}

// gone are the errors that tell that the session is gone.
func (s publishedSession) gone() []sdk.Event {
	return slices.DeleteFunc(slices.Clone(s.events), func(e sdk.Event) bool { return e.Err == nil || e.Err.Code != sdk.CodeSessionGone })
}

func (s publishedSession) ended() []sdk.Event {
	return slices.DeleteFunc(slices.Clone(s.events), func(e sdk.Event) bool { return e.Topic != sdk.TopicEnded })
}

// askings are an agent's own requests, through whatever weather there is.
type askings struct{ answered, failed int }

// work asks for a direction again and again, and now and then for a state, until over is closed. Answered and failed count the
// directions only: each is one event.
func (c *sdkClient) work(random *rand.Rand, over <-chan struct{}) (directions askings) {
	for {
		select {
		case <-over:
			return directions
		case <-time.After(time.Duration(random.IntN(400)) * time.Millisecond):
		}
		switch random.IntN(4) {
		case 0: // whether it gets through is up to the weather
			_, _ = c.Session.GoReady(context.Background(), sdk.GoReadyParams{ExtensionValue: c.Session.GetDefaultExtension(context.Background()).Value})
		case 1:
			_, _ = c.Session.GoNotReady(context.Background(), sdk.GoNotReadyParams{})
		default:
			if _, err := c.Session.SetDirection(context.Background(), sdk.SetDirectionParams{Direction: anyDirection(random)}); err != nil {
				directions.failed++
			} else {
				directions.answered++
			}
		}
	}
}

func anyDirection(random *rand.Rand) api.Direction {
	return []api.Direction{api.DirectionInbound, api.DirectionOutbound, api.DirectionAgentInitiated}[random.IntN(3)]
}

// changer is a supervisor and a router who change an agent without weather, and remember what was acknowledged.
type changer struct {
	boss, router *person
	agent        string
	random       *rand.Rand
	reasons      []api.SetStateRequest

	states     int // acknowledged
	directions []api.Direction
	works      []string // interaction and state
	failed     int      // no answer: it may have happened
	open       []*api.Work

	bursts, burnt chan int
}

func (c *changer) path() string { return "tenants/" + c.boss.tenant + "/presence/" + c.agent }

// run changes the agent until over is closed, and then ends its work.
func (c *changer) run(pace time.Duration, over <-chan struct{}) {
	for {
		select {
		case <-over:
			for len(c.open) > 0 {
				c.endWork()
			}
			return
		case <-time.After(time.Duration(c.random.Int64N(int64(2 * pace)))):
			c.change()
		case n := <-c.bursts:
			for range n {
				c.turn()
			}
			c.burnt <- n
		}
	}
}

// burst has run set so many directions without a pause, and waits for it, unless over is closed first.
func (c *changer) burst(n int, over <-chan struct{}) {
	select {
	case c.bursts <- n:
		<-c.burnt
	case <-over:
	}
}

func (c *changer) change() {
	switch n := c.random.IntN(10); {
	case n < 4:
		c.turn()
	case n < 7:
		request := api.SetStateRequest{State: api.StateReady}
		if c.random.IntN(2) == 0 {
			request = c.reasons[c.random.IntN(len(c.reasons))]
		}
		if _, err := ask[api.PresenceState](c.boss, "POST", c.path(), request); err != nil {
			c.failed++
			return
		}
		c.states++
	case len(c.open) == 0 || n == 7 && len(c.open) < 3:
		c.report(&api.Work{InteractionID: uuid.NewString(), Channel: "voice", Direction: api.DirectionInbound, State: api.WorkStateOffered})
	case c.open[0].State == api.WorkStateOffered:
		c.open[0].State = api.WorkStateActive
		c.report(c.open[0])
	default:
		c.endWork()
	}
}

func (c *changer) turn() {
	direction := anyDirection(c.random)
	if _, err := ask[api.PresenceState](c.boss, "POST", c.path()+"/direction", api.SetDirectionRequest{Direction: direction}); err != nil {
		c.failed++
		return
	}
	c.directions = append(c.directions, direction)
}

func (c *changer) report(w *api.Work) {
	_, err := ask[api.Work](c.router, "PUT", c.path()+"/interactions/"+w.InteractionID, api.WorkReport{Channel: w.Channel, Direction: w.Direction, State: w.State})
	if err != nil {
		c.failed++
		return
	}
	c.works = append(c.works, w.InteractionID+" "+string(w.State))
	if !slices.Contains(c.open, w) {
		c.open = append(c.open, w)
	}
}

func (c *changer) endWork() {
	w := c.open[0]
	c.open = c.open[1:]
	if err := c.router.send("DELETE", c.path()+"/interactions/"+w.InteractionID, nil, new(any)); err != nil {
		c.failed++
		return
	}
	c.works = append(c.works, w.InteractionID+" ended")
}

// check holds what was acknowledged against what the witness saw: in order, each once, and of what was not at most as much as failed.
func (c *changer) check(truth []message) error {
	var states int
	var directions []api.Direction
	var works []string
	for _, m := range truth {
		switch {
		case m.Type == api.MessageTypeWorkChange:
			work := read[api.WorkChangeMessage](m)
			works = append(works, work.InteractionID+" "+string(work.State))
		case m.SupervisorID != c.boss.id:
		case m.Type == api.MessageTypeDirectionChange:
			directions = append(directions, m.Direction)
		case m.Type == api.MessageTypeStateChange:
			states++
		}
	}
	more := states - c.states + len(directions) - len(c.directions) + len(works) - len(c.works)
	switch {
	case states < c.states || !within(c.directions, directions) || !within(c.works, works):
		return fmt.Errorf("acknowledged were %d states, directions %v and works %v; committed %d, %v and %v", c.states, c.directions, c.works, states, directions, works)
	case more > c.failed:
		return fmt.Errorf("%d changes more than were acknowledged, and %d failed", more, c.failed)
	}
	return nil
}

// within tells whether all of part stand in whole, in their order.
func within[T comparable](part, whole []T) bool {
	for _, p := range part {
		i := slices.Index(whole, p)
		if i < 0 {
			return false
		}
		whole = whole[i+1:]
	}
	return true
}

// ownDirections are those that the agent asked for itself.
func ownDirections(truth []message) (n int) {
	for _, m := range truth {
		if m.Type == api.MessageTypeDirectionChange && m.SupervisorID == "" {
			n++
		}
	}
	return n
}
