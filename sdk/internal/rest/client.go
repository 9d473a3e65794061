package rest

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/muster-presence/muster/api"
)

// Options are what a [Client] is made of. All but Clock are needed.
type Options struct {
	// Base is the server's address and ends with a slash.
	Base *url.URL
	// HTTP sends the requests. It is copied: redirects are never followed.
	HTTP *http.Client
	// Tokens is who has the token.
	Tokens Tokens
	// Name is the User-Agent.
	Name string
	// Clock is told the server's time in an answer, and when the request was sent and the answer began. It may be nil.
	Clock func(server api.Time, sent, received time.Time)
}

// Tokens is where requests get their token from.
type Tokens interface {
	// Token is the present token, "" for none.
	Token() string
	// Refused is told that the server refused a token, and why. It waits for another, as long as it likes and ctx allows. An error
	// means that there is none.
	Refused(ctx context.Context, refused string, code api.Code) (fresh string, err error)
}

// Client sends requests. Make it with [New].
type Client struct {
	base   *url.URL
	http   http.Client
	tokens Tokens
	name   string
	clock  func(server api.Time, sent, received time.Time)
}

// New returns a client that is ready for use.
func New(o Options) *Client {
	c := &Client{base: o.Base, http: *o.HTTP, tokens: o.Tokens, name: o.Name, clock: o.Clock}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Do sends a request and reads the body of a success into result, a pointer. With a nil result the body may be empty, but what
// there is must be JSON. The error is a [*Failure]; result is then worth nothing.
func (c *Client) Do(ctx context.Context, r Request, result any) error {
	k, err := c.newCall(r)
	if err != nil {
		return &Failure{StatusText: "unsendable request", Cause: err}
	}
	if failure := k.run(ctx, result); failure != nil {
		return failure
	}
	return nil
}

// Result is [Client.Do] for the usual envelope, {"result": …}. Without a result in it an answer is unreadable.
func Result[T any](ctx context.Context, c *Client, r Request) (T, error) {
	var got envelope[T]
	if err := c.Do(ctx, r, &got); err != nil {
		var none T
		return none, err
	}
	return got.result, nil
}
