package sdk

import (
	"time"
)

// Client is an agent's desktop without the desktop, a supervisor's console without the screen, or a router's eyes. Make it with
// [New] and end it with [Client.Close]. All of its functions may be called by many goroutines at once.
type Client struct {
	// Authentication logs in and out.
	Authentication *Authentication
	// Session is the user's own session in a tenant, and what a supervisor does to others'.
	Session *Session
	// Interactions are what agents work on.
	Interactions *Interactions
	// Floor shows everybody's presence.
	Floor *Floor
	// Work reports the work of agents, as telephony and routers do.
	Work *Work

	core *core
}

// New returns a client that is connected to nothing yet. It fails with [CodeOptionsInvalid].
func New(options Options) (*Client, error) {
	options, base, err := options.complete()
	if err != nil {
		return nil, err
	}
	c := newCore(options, base)
	return &Client{
		Authentication: &Authentication{core: c},
		Session:        &Session{core: c},
		Interactions:   &Interactions{Voice: &Voice{core: c}},
		Floor:          &Floor{core: c},
		Work:           &Work{core: c},
		core:           c,
	}, nil
}

// Close ends everything that the client runs and waits for it. The session on the server lives on until its lease ends: log out
// first to end it. Functions called afterwards fail. What was published before is still delivered, to subscribers who take it
// within a second; subscribers, and callbacks of the options, that take longer are left behind. Close may be called more than once, but
// not from a subscriber.
func (c *Client) Close() {
	c.core.close()
}

// Now is the server's time as far as the client knows, which is the local one before the first answer.
func (c *Client) Now() time.Time { return c.core.clock.now() }
