package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/muster-presence/muster/api"
)

const (
	// requestTimeout is how long an answer is waited for.
	requestTimeout = 10 * time.Second
	// largestAnswer bounds what is read of one: a page of the floor is 1 MiB.
	largestAnswer = 16 << 20
	// longestRetryAfter bounds what a server may ask for, lest a slip of it stop
	// the show.
	longestRetryAfter = 300 * time.Second
)

// ask is a request before it is sent.
type ask struct {
	method string
	path   []string // below the base, not yet escaped
	query  url.Values
	token  string // empty without
	key    string // for idempotency, empty without
	body   any    // nil without
}

func (b badge) ask(method string, body any, path ...string) ask {
	return ask{method: method, path: append([]string{"tenants", b.tenant}, path...), token: b.token, body: body}
}

func (b badge) get(path ...string) ask            { return b.ask(http.MethodGet, nil, path...) }
func (b badge) put(body any, path ...string) ask  { return b.ask(http.MethodPut, body, path...) }
func (b badge) post(body any, path ...string) ask { return b.ask(http.MethodPost, body, path...) }

func (a ask) once(key string) ask {
	a.key = key
	return a
}

// exchange sends a request and reads a success into answer, unless that is nil.
func (d *httpDesk) exchange(ctx context.Context, a ask, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	sent, err := d.request(ctx, a)
	if err != nil {
		return err
	}
	got, err := d.client.Do(sent)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(io.LimitReader(got.Body, largestAnswer))
	switch {
	case err != nil:
		return fmt.Errorf("reading an answer: %w", err)
	case got.StatusCode < 200 || got.StatusCode > 299:
		return refusalIn(got, body)
	case answer == nil:
		return nil
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return fmt.Errorf("an answer that is not as agreed: %w", err)
	}
	return nil
}

func (d *httpDesk) request(ctx context.Context, a ask) (*http.Request, error) {
	var body io.Reader
	if a.method != http.MethodGet && a.method != http.MethodDelete {
		text, err := json.Marshal(a.body)
		if err != nil {
			return nil, fmt.Errorf("writing a request: %w", err)
		}
		body = bytes.NewReader(text)
	}
	for i, segment := range a.path {
		a.path[i] = url.PathEscape(segment)
	}
	where := d.base.JoinPath(a.path...)
	where.RawQuery = a.query.Encode()
	r, err := http.NewRequestWithContext(ctx, a.method, where.String(), body)
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Token "+a.token)
	}
	if a.key != "" {
		r.Header.Set("Idempotency-Key", a.key)
	}
	return r, nil
}

// refusalIn reads an answer that is not a success. A body that is not as agreed
// leaves the status to speak for itself.
func refusalIn(got *http.Response, body []byte) *refusal {
	r := &refusal{status: got.StatusCode, message: got.Status}
	var told api.ErrorResponse
	if err := json.Unmarshal(body, &told); err == nil {
		r.code, r.message = told.Error.Code, told.Error.Message
	}
	if seconds, err := strconv.ParseUint(got.Header.Get("Retry-After"), 10, 32); err == nil {
		r.retryAfter = min(time.Duration(seconds)*time.Second, longestRetryAfter)
	}
	return r
}
