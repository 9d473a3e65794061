package sdk

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// core is what all parts of a client have in common.
type core struct {
	options     Options
	base        *url.URL
	log         *slog.Logger
	hub         *hub
	clock       *clock
	callbacks   *callbacks
	credentials *credentials
	rest        *rest.Client
	uploads     *uploads
	memory      *memory
	turn        turn // state, direction and extension requests go out one at a time

	life context.Context // ends with Close
	end  context.CancelFunc

	beginning sync.Mutex // guards closed, and that nothing begins once it is
	closed    bool
	running   sync.WaitGroup // everything that ends with life

	// mu guards the fields below. Events are published under it, so that their order is that of what they tell; it is taken
	// before the hub's. Nobody waits for anything while holding it.
	mu       sync.Mutex
	user     string // "" before it is known
	identity *api.UserIdentity
	tenant   string // the active one
	config   *api.Config
	session  *liveSession // nil without
	last     sessionName  // of the session that is gone; zero without one, or since another began
	starting *starting    // the session that is asked for; nil without
	// departures counts log-outs and log-ins: whoever was on the way into a tenant before one does not go on.
	departures int
	locale     string
	monitored  string
	renewAt    time.Time // local; zero for never
	floors     map[*watch]struct{}
}

func newCore(options Options, base *url.URL) *core {
	life, end := context.WithCancel(context.Background())
	b := &callbacks{log: options.Log}
	c := &core{
		options: options, base: base, log: options.Log, hub: newHub(options.Log, b), clock: new(clock), callbacks: b,
		life: life, end: end, locale: options.Locale, floors: make(map[*watch]struct{}),
	}
	c.credentials = newCredentials(options, c.callbacks)
	c.credentials.refused = c.tokenRefused
	c.credentials.fresh = c.tokenChanged
	c.credentials.patience = c.tokenPatience
	c.rest = rest.New(rest.Options{Base: base, HTTP: options.Client, Tokens: c.credentials, Name: options.Name, Clock: c.clock.sample})
	c.uploads, c.memory = &uploads{core: c}, &memory{core: c}
	return c
}

// begin runs something that ends with the client's life, and tells whether it did.
func (c *core) begin(run func()) bool {
	c.beginning.Lock()
	defer c.beginning.Unlock()
	if !c.closed {
		c.running.Go(run)
	}
	return !c.closed
}

func (c *core) close() {
	c.beginning.Lock()
	c.closed = true
	c.beginning.Unlock()
	c.end()
	c.mu.Lock()
	if s := c.session; s != nil {
		s.over = true // so that nothing of its end is published
		c.session = nil
		if s.grace != nil {
			s.grace.Stop()
		}
		s.settle()
	}
	c.mu.Unlock()
	c.running.Wait()
	c.callbacks.close()
	c.hub.close()
	c.options.Client.CloseIdleConnections()
}

// publish tells subscribers. Whoever changes what the event tells holds mu.
func (c *core) publish(topic Topic, response any) {
	c.hub.publish(Event{Topic: topic, Response: response})
}

// publishError tells subscribers, and the server's logs.
func (c *core) publishError(topic Topic, err *Error) {
	c.hub.publish(Event{Topic: topic, Err: err})
	if topic != TopicLogsSaved {
		c.uploads.put(topic, err)
	}
}

// fail publishes an error and returns it, as the end of a function.
func (c *core) fail(topic Topic, err *Error) error {
	c.publishError(topic, err)
	return err
}

// once is a request that is sent once: a loop of its caller's comes again anyway.
func (c *core) once(method string, body any, path ...string) rest.Request {
	return rest.Request{Method: method, Path: path, Body: body}
}

// ask is a request that is tried again through failures that may pass.
func (c *core) ask(method string, body any, path ...string) rest.Request {
	r := c.once(method, body, path...)
	r.Patience.Budget = max(c.options.Patience, 0)
	return r
}

// change is ask with a key by which the server knows a repetition.
func (c *core) change(body any, path ...string) rest.Request {
	r := c.ask(http.MethodPost, body, path...)
	r.Key = rand.Text()
	return r
}

// withLife ends a function's context when the client is closed.
func (c *core) withLife(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.life, func() { cancel(errClosed) })
	return ctx, func() { stop(); cancel(nil) }
}

var errClosed = errors.New("the client is closed")

// whoAndWhere is the user and the tenant, with a problem where one is missing.
func (c *core) whoAndWhere() (user, tenant string, problem *Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.user == "":
		return "", "", newError(CodeParametersInvalid, ErrorData{Problems: "nobody is logged in: call Login, or SetToken and SetUserIdentity"})
	case c.tenant == "":
		return c.user, "", newError(CodeParametersInvalid, ErrorData{Problems: "no tenant is active: call SetActiveTenant"})
	}
	return c.user, c.tenant, nil
}

// live is the running session, nil without one.
func (c *core) live() *liveSession {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.session
}

// tokenRefused publishes that the server refuses the token.
func (c *core) tokenRefused(code api.Code) {
	err := newError(CodeTokenExpired, ErrorData{APIResponse: &APIResponse{
		Status: http.StatusUnauthorized,
		Body:   ResponseBody{StatusText: http.StatusText(http.StatusUnauthorized), Failure: string(code), Response: []byte("null")},
	}})
	c.publishError(TopicTokenExpired, err)
}

// tokenChanged brings a fresh token to the streams.
func (c *core) tokenChanged(token string) {
	c.mu.Lock()
	c.renewAt = time.Time{}
	if renewal := renewalOf(token); !renewal.IsZero() && c.options.Token != nil {
		c.renewAt = renewal.Add(-c.clock.ahead())
	}
	session, floors := c.session, make([]*watch, 0, len(c.floors))
	for w := range c.floors {
		floors = append(floors, w)
	}
	c.mu.Unlock()
	if token == "" {
		return
	}
	c.uploads.resume()
	if session == nil && len(floors) == 0 {
		return
	}
	c.begin(func() { // a write to a socket that stalls takes seconds, and whoever sets a token does not wait for it
		if session != nil {
			session.follower.Refresh(token)
			session.keeper.rouse()
		}
		for _, w := range floors {
			w.follower.Refresh(token)
		}
	})
}

// tokenPatience is how long a request waits for a fresh token: a session outlives it, without one there is nothing to save.
func (c *core) tokenPatience() time.Duration {
	if c.live() == nil {
		return 0
	}
	return c.options.Lease
}

// renewal is when the callback is to be asked for a fresh token; zero for never.
func (c *core) renewal() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.renewAt
}

func (c *core) postponeRenewal(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.renewAt = time.Now().Add(d)
}

// failureStatus is the status of an answer that is no success: 0 and -1 without an answer, and for nil.
func failureStatus(err error) int {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.Status
	}
	return 0
}

// failureCode is the code in an answer that is no success, "" for none.
func failureCode(err error) api.Code {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// failureWork is the open work that an answer tells of.
func failureWork(err error) []api.Work {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.Work
	}
	return nil
}

func retryAfter(err error) time.Duration {
	var f *rest.Failure
	if errors.As(err, &f) {
		return f.RetryAfter
	}
	return 0
}
