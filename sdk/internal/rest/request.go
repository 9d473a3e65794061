package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Request is what is asked of the server.
type Request struct {
	Method string
	// Path are the segments below the address, not yet escaped.
	Path  []string
	Query url.Values
	// Body is sent as JSON with POST and PUT, nil as null; other methods have none.
	Body any
	// Key is the Idempotency-Key, "" for none.
	Key string
	// Anonymous sends no token.
	Anonymous bool
	// Token is sent in the place of the one that [Tokens] has, where it is not "". If it is refused, so is the request.
	Token    string
	Patience Patience
}

// Patience is how long a request may take.
type Patience struct {
	// Attempt is how long one attempt may take until its answer is read; 0 is 10 s.
	Attempt time.Duration
	// Budget is the time after which no further attempt begins. Waiting for a token does not use it up. 0 means a single attempt,
	// not counting refused tokens.
	Budget time.Duration
}

const usualAttempt = 10 * time.Second

// errSegment says that a path would lead elsewhere: servers and proxies take such segments out, escaped or not.
var errSegment = errors.New(`a segment of the path is empty, "." or ".."`)

// newCall writes the request, once for all attempts.
func (c *Client) newCall(r Request) (*call, error) {
	where, err := below(c.base, r.Path)
	if err != nil {
		return nil, err
	}
	where.RawQuery = r.Query.Encode()
	var body []byte
	if r.Method == http.MethodPost || r.Method == http.MethodPut {
		if body, err = json.Marshal(r.Body); err != nil {
			return nil, fmt.Errorf("writing the body: %w", err)
		}
	}
	request, err := http.NewRequest(r.Method, where.String(), bytes.NewReader(body)) // sent as a clone, with a context
	if err != nil {
		return nil, fmt.Errorf("making the request: %w", err)
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.name)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if r.Key != "" {
		request.Header.Set("Idempotency-Key", r.Key)
	}
	k := &call{client: c, request: request, body: body, attemptTime: r.Patience.Attempt, until: time.Now().Add(r.Patience.Budget)}
	if k.attemptTime == 0 {
		k.attemptTime = usualAttempt
	}
	switch {
	case r.Anonymous:
	case r.Token != "":
		k.fixedToken = r.Token
	default:
		k.tokens = c.tokens
	}
	return k, nil
}

// below is the address of a path. [url.URL.JoinPath] would follow ".." in a user's name.
func below(base *url.URL, path []string) (*url.URL, error) {
	escaped := make([]string, len(path))
	for i, segment := range path {
		if segment == "" || segment == "." || segment == ".." {
			return nil, errSegment
		}
		escaped[i] = url.PathEscape(segment)
	}
	where := *base
	where.Path = base.Path + strings.Join(path, "/")
	where.RawPath = base.EscapedPath() + strings.Join(escaped, "/")
	return &where, nil
}
