package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/muster-presence/muster/sdk"
)

// MaxAgents is the most that a show can have.
const MaxAgents = 10_000

// Options say what is to be shown where.
type Options struct {
	// BaseURL is that of the server, as in "http://127.0.0.1:8080/v1/".
	BaseURL string
	// Tenant is where everybody works: its id, or its name in any case.
	Tenant string
	// Agents is how many there are, 0 to [MaxAgents]: the first of [StaffFile].
	Agents int
	// ChangesPerSecond is how many changes of presence they make together, on
	// average and in the clock's time; more than 0. See [Stats.Changes].
	ChangesPerSecond float64
	// Seed decides what people do.
	Seed uint64
	// Past is what the agents did before, at that server; nil for nothing. They go
	// on where it left them, in the sessions that are open.
	Past *Past
	// Password is everybody's, the router's included.
	Password string
	// Token brings a token of a user's, so that nobody has to log in with the
	// password; nil for a server that gives none without. A server checks few
	// passwords at once: thousands of agents would come one after the other for
	// minutes, and keep out whoever logs in to look on.
	Token func(ctx context.Context, username string) (string, error)
	// Log is told what goes wrong; nil for nobody.
	Log *slog.Logger
	// Dial opens connections to the server; nil to do so as programs do. A process
	// that is the server too gives [Cable.Dial]: ten thousand agents with sockets
	// are twenty thousand files where both ends are in one process.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Show is a simulated floor. Make it with [New].
type Show struct {
	options Options
	board   *board
}

// New returns a show that is about to begin.
func New(o Options) *Show {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Show{options: o, board: &board{}}
}

// Run lets the show go on until the context ends, and then returns nil, whatever
// becomes of the server meanwhile. It fails at once for options outside of their
// ranges. It may be called once.
func (s *Show) Run(ctx context.Context) error {
	o := &s.options
	if err := o.check(); err != nil {
		return err
	}
	complaints := newComplaints(o.Log)
	client := o.client()
	defer client.CloseIdleConnections()
	f := &floor{
		seed: o.Seed, past: o.Past, board: s.board, complaints: complaints,
		clients: &clients{
			options: sdk.Options{BaseURL: o.BaseURL, Name: clientName, Client: client, Log: complaints.sdkLog()},
			tenant:  o.Tenant, password: o.Password, token: o.Token,
			renewals: make(chan struct{}, renewalsAtOnce), open: make(map[*sdk.Client]struct{}),
		},
	}
	f.reception = newReception(o.Token != nil)
	f.open(ctx, o.Agents, o.pace())
	return nil
}

// clientName is what simulated agents call themselves to the server.
const clientName = "muster-demo"

// client is what all agents send their requests by. It keeps a connection for
// each worker; their sockets are beside these.
func (o *Options) client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         o.Dial,
		MaxIdleConnsPerHost: workers,
		IdleConnTimeout:     time.Minute,
	}}
}

// Stats tells how the floor stands. It may be called by anybody at any time.
func (s *Show) Stats() Stats { return s.board.read() }

// pace is how much faster than on a real floor people live here.
func (o *Options) pace() float64 {
	return o.ChangesPerSecond / (changesPerAgentSecond * float64(max(o.Agents, 1)))
}

func (o *Options) check() error {
	base, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		return fmt.Errorf("the address for simulated agents: %w", err)
	case base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		return fmt.Errorf("the address for simulated agents must be like http://127.0.0.1:8080/v1/, not %q", o.BaseURL)
	case o.Agents < 0 || o.Agents > MaxAgents:
		return fmt.Errorf("there can be 0 to %d simulated agents, not %d", MaxAgents, o.Agents)
	case !(o.ChangesPerSecond > 0):
		return errors.New("simulated agents make more than 0 changes a second")
	case o.Tenant == "":
		return errors.New("simulated agents need a tenant to work in")
	}
	return nil
}
