package rest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/muster-presence/muster/sdk/internal/backoff"
)

const (
	// mostRefusals is how many tokens in a row may be replaced: a server that refuses every fresh one will not change its mind.
	mostRefusals = 3
	// largestAnswer is more than ten times what the server sends at most.
	largestAnswer = 16 << 20
)

// jitter is waited before an attempt, beyond what the server asks for.
var jitter = backoff.Backoff{First: 500 * time.Millisecond, Most: 8 * time.Second}

// call is a request under way.
type call struct {
	client      *Client
	request     *http.Request // the pattern of every attempt, without body and token
	body        []byte        // nil for none
	tokens      Tokens        // nil where a refused token is final
	fixedToken  string        // in the place of tokens; "" for none
	attemptTime time.Duration
	until       time.Time // from here on no attempt begins
}

// run attempts the request until there is an answer to keep.
func (k *call) run(ctx context.Context, result any) *Failure {
	token, retries, refusals := k.token(), 0, 0
	for {
		failure := k.attempt(ctx, token, result)
		switch {
		case failure == nil:
			return nil
		case failure.Status == http.StatusUnauthorized && k.tokens != nil && refusals < mostRefusals:
			refusals++
			if token, failure = k.replace(ctx, token, failure); failure != nil {
				return failure
			}
		case failure.mayPass() && ctx.Err() == nil:
			if failure = k.pause(ctx, retries, failure); failure != nil {
				return failure
			}
			retries++
			token, refusals = k.token(), 0 // it may have changed meanwhile
		default:
			return failure
		}
	}
}

func (k *call) token() string {
	if k.tokens == nil {
		return k.fixedToken
	}
	return k.tokens.Token()
}

// replace waits for another token than the one that was refused. Without one the refusal stands.
func (k *call) replace(ctx context.Context, refused string, failure *Failure) (fresh string, final *Failure) {
	began := time.Now()
	fresh, err := k.tokens.Refused(ctx, refused, failure.Code)
	switch {
	case err == nil:
		k.until = k.until.Add(time.Since(began)) // the budget is for the server
		return fresh, nil
	case ctx.Err() != nil:
		return "", Ended(ctx)
	}
	return "", failure
}

// pause waits until the next attempt may begin. Where that is too late, the failure stands at once. Jitter comes on top of
// Retry-After: many clients are told the same.
func (k *call) pause(ctx context.Context, retries int, failure *Failure) (final *Failure) {
	wait := failure.RetryAfter + jitter.Delay(retries)
	next := time.Now().Add(wait)
	if deadline, ok := ctx.Deadline(); !next.Before(k.until) || ok && !next.Before(deadline) {
		return failure
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return Ended(ctx)
	}
}

// attempt sends the request once and reads the answer.
func (k *call) attempt(ctx context.Context, token string, result any) *Failure {
	limited, cancel := context.WithTimeout(ctx, k.attemptTime)
	defer cancel()
	sent := time.Now()
	response, err := k.client.http.Do(k.fresh(limited, token))
	if err != nil {
		failure := unanswered(ctx, err)
		if failure.Status == StatusTimeout {
			k.client.http.CloseIdleConnections() // what went the same way died with it, if it is dead
		}
		return failure
	}
	defer response.Body.Close()
	received := time.Now()
	body, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer+1)) // the one byte more shows that there is more
	switch {
	case err != nil:
		return unanswered(ctx, err)
	case response.StatusCode < 200 || response.StatusCode > 299:
		return refusal(response, body)
	}
	if err := read(body, result); err != nil {
		return unreadable(response, body, err)
	}
	k.client.sample(body, sent, received)
	return nil
}

// fresh is a request to send: bodies and contexts serve once.
func (k *call) fresh(ctx context.Context, token string) *http.Request {
	r := k.request.Clone(ctx)
	if k.body != nil {
		r.Body = io.NopCloser(bytes.NewReader(k.body))
	}
	if token != "" {
		r.Header.Set("Authorization", "Token "+token)
	}
	return r
}
