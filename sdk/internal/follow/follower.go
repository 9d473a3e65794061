package follow

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/muster-presence/muster/sdk/internal/backoff"
)

const (
	// steadyTime is how long a stream stays open to make the ones before forgotten.
	steadyTime = 30 * time.Second
	// eventsTime is how long events take the place of a socket before a socket is tried again.
	eventsTime = 5 * time.Minute
	// mostBlocked is how many handshakes in a row something on the way may answer before events take their place.
	mostBlocked = 2
)

// pause is how long to wait before the next attempt: everybody else was cut too.
var pause = backoff.Backoff{First: 500 * time.Millisecond, Most: 30 * time.Second}

// Why a connection is left that has nothing wrong with it.
var (
	errRestart   = errors.New("the view is to begin anew")
	errRenew     = errors.New("events go on with a fresh token")
	errTrySocket = errors.New("it is time to try a socket again")
)

// Follower follows a view of the stream.
type Follower struct {
	o    Options
	http *http.Client

	// What only Run's goroutine knows.
	held    view
	blocked int  // handshakes in a row that something on the way answered
	events  bool // the last connection was by Server-Sent Events

	mu      sync.Mutex // guards the fields below
	restart bool
	leave   context.CancelCauseFunc // leaves the present connection; nil without one
	placed  bool                    // the present connection has said from where on it wants to be told
	link    link                    // of the present connection, once it is welcomed
	token   string                  // the last that the present connection was given
	renewed bool                    // and that is not the one it began with
}

// New returns a follower that is nowhere yet.
func New(o Options) *Follower {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	client := *o.HTTP
	client.Timeout = 0 // a stream has no end
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Follower{o: o, http: &client, held: newView(o.View)}
}

// Run follows until ctx ends and returns nil, or until there is no use in coming back and returns a [*Stopped]. A later call
// goes on from the cursor. One call at a time.
func (f *Follower) Run(ctx context.Context) error {
	for attempt := 0; ; {
		c, reason := f.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if c.steady() {
			attempt = 0
		}
		f.o.Receiver.Disconnected(reason)
		if err := f.heed(ctx, c, reason); err != nil {
			return err
		}
		if errors.Is(reason, errRenew) || errors.Is(reason, errTrySocket) {
			continue // nobody else was cut
		}
		if !sleep(ctx, max(pause.Delay(attempt), retryAfterOf(reason))) {
			return nil
		}
		attempt++
	}
}

// Refresh gives the open stream a fresh token, which Options.Tokens has already. A stream by events is connected anew for it. It
// may take as long as a write does, at most 5 s.
func (f *Follower) Refresh(token string) {
	f.mu.Lock()
	l := f.link
	fresh := l != nil && token != "" && token != f.token // without a link, welcomed will see to it
	if fresh {
		f.token, f.renewed = token, true
	}
	f.mu.Unlock()
	if fresh {
		l.renew(token)
	}
}

// Restart forgets the cursor, leaves a connection that has told the server of it, and begins with a snapshot. It does not wait for
// that.
func (f *Follower) Restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.restart = true
	if f.leave != nil && f.placed {
		f.leave(errRestart)
	}
}

// connect makes a connection and follows it to its end.
func (f *Follower) connect(ctx context.Context) (c *connection, reason error) {
	f.events = f.wantsEvents()
	if f.events && f.o.Transport == Auto {
		limited, cancel := context.WithTimeoutCause(ctx, eventsTime, errTrySocket)
		defer cancel()
		ctx = limited
	}
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	c = &connection{f: f, leave: leave, token: f.o.Tokens.Token()}
	f.enter(c)
	defer f.exit(c)
	reason = c.follow(ctx)
	if ctx.Err() != nil {
		reason = context.Cause(ctx) // however the end came, it was wanted
	}
	return c, reason
}

// wantsEvents decides on the next connection. After each one by events a single handshake shows whether sockets get through.
func (f *Follower) wantsEvents() bool {
	if f.o.Transport != Auto {
		return f.o.Transport == EventsOnly
	}
	return f.blocked >= mostBlocked && !f.events
}

// enter lets others leave a connection that begins.
func (f *Follower) enter(c *connection) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leave, f.placed, f.token, f.renewed = c.leave, false, c.token, false
}

// place is from where on the connection that is being made is to tell. Whoever restarts before that need not leave it.
func (f *Follower) place() cursor {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.restart {
		f.restart = false
		f.held.forget()
	}
	f.placed = true
	return f.held.cursor
}

// welcomed lets others reach the connection that has opened, which may have been told a token that is no longer the latest.
func (f *Follower) welcomed(l link) {
	f.mu.Lock()
	f.link = l
	f.mu.Unlock()
	f.Refresh(f.o.Tokens.Token())
}

// exit ends what enter began.
func (f *Follower) exit(c *connection) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leave, f.link, c.renewed = nil, nil, f.renewed
}

// heed does what the server said when it ended or refused the connection.
func (f *Follower) heed(ctx context.Context, c *connection, reason error) error {
	var v *verdict
	if !errors.As(reason, &v) {
		return nil
	}
	if f.o.Transport == Auto && !f.events && v.blocksSockets() {
		if f.blocked++; f.blocked == mostBlocked {
			f.o.Log.Warn("something on the way lets no socket through, Server-Sent Events take its place", "reason", reason)
		}
		return nil
	}
	if v.stops() {
		return v.stopped()
	}
	// Which of several tokens was refused the server does not say; the latest may be good, and the next hello shows it.
	if code, needed := v.needsToken(); needed && !c.renewed {
		if _, err := f.o.Tokens.Refused(ctx, c.token, code); err != nil && ctx.Err() == nil {
			return v.stopped()
		}
	}
	return nil
}

// address is the stream's.
func (f *Follower) address() *url.URL {
	return f.o.Base.JoinPath("tenants", url.PathEscape(f.o.Tenant), "stream")
}

func retryAfterOf(reason error) time.Duration {
	var v *verdict
	if errors.As(reason, &v) {
		return v.retryAfter
	}
	return 0
}

// sleep reports whether the time passed before ctx ended.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
