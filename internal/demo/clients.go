package demo

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/muster-presence/muster/sdk"
)

const (
	// agentPatience is how long an agent's request is tried again through failures that may pass, and routerPatience one of the
	// router's: nobody rings for longer at a desk that may not hear it.
	agentPatience  = 30 * time.Second
	routerPatience = 20 * time.Second
	// renewalsAtOnce is how many fresh tokens are fetched at the same time: when all tokens are revoked at once, all browsers want
	// one, and a server checks few passwords at once.
	renewalsAtOnce = 2
)

// clients are the SDK's clients of everybody on the floor.
type clients struct {
	options          sdk.Options // that all have in common
	tenant, password string      // the tenant by id or name
	token            func(ctx context.Context, username string) (string, error)
	renewals         chan struct{}

	mu   sync.Mutex // guards open
	open map[*sdk.Client]struct{}
}

// visitor is who logs in.
type visitor struct {
	username string
	// token is what somebody comes back with whose browser has died; "" for the password.
	token    string
	patience time.Duration
	// bookmark remembers the session, nil for nobody's.
	bookmark *bookmark
	// hear is told what the session's topics publish, nil for nobody. It is called by one goroutine at a time.
	hear func(*browser, sdk.Event)
}

// logIn opens a client and logs in.
func (c *clients) logIn(ctx context.Context, who visitor) (*browser, error) {
	b := new(browser)
	o := c.options
	o.Patience = who.patience
	o.Token = func(ctx context.Context) (string, error) { return c.renew(ctx, b, who.username) }
	if who.bookmark != nil {
		o.Resume = who.bookmark
	}
	var err error
	if b.client, err = sdk.New(o); err != nil {
		return nil, err
	}
	c.add(b.client)
	if err := c.identify(ctx, b, who); err != nil {
		c.close(b)
		return nil, err
	}
	return b, nil
}

func (c *clients) identify(ctx context.Context, b *browser, who visitor) error {
	if who.hear != nil {
		if _, err := b.client.Subscribe(sdk.TopicSession, func(e sdk.Event) { who.hear(b, e) }); err != nil {
			return err
		}
	}
	as := sdk.LoginParams{Token: who.token}
	switch {
	case as.Token != "":
	case c.token != nil:
		var err error
		if as.Token, err = c.token(ctx, who.username); err != nil {
			return err
		}
	default:
		as = sdk.LoginParams{Username: who.username, Password: c.password}
	}
	in, err := b.client.Authentication.Login(ctx, as)
	if err != nil {
		return err
	}
	b.user = in.UserID
	for _, membership := range in.Tenants {
		if membership.TenantID == c.tenant || strings.EqualFold(membership.TenantName, c.tenant) {
			b.tenant = membership.TenantID
			return nil
		}
	}
	return errNoMember
}

// renew brings a fresh token, when the SDK asks for one.
func (c *clients) renew(ctx context.Context, b *browser, username string) (string, error) {
	if c.token != nil {
		return c.token(ctx, username)
	}
	select {
	case c.renewals <- struct{}{}:
		defer func() { <-c.renewals }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	as := sdk.LoginParams{Username: username, Password: c.password, NoStateReset: true}
	if _, err := b.client.Authentication.Login(ctx, as); err != nil {
		return "", err
	}
	return b.client.Session.GetToken(ctx), nil
}

func (c *clients) add(client *sdk.Client) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[client] = struct{}{}
}

// close closes a browser's client, and takes the time that a goodbye takes.
func (c *clients) close(b *browser) {
	b.client.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.open, b.client)
}

// closeAll closes all clients that are open, when nobody opens any more. They say goodbye at the same time: a server that has stopped
// listening costs each of them half a second.
func (c *clients) closeAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	var closing sync.WaitGroup
	for client := range c.open {
		closing.Go(client.Close)
	}
	closing.Wait()
	clear(c.open)
}
