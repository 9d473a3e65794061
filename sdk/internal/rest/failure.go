package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/muster-presence/muster/api"
)

// Statuses of failures without an answer.
const (
	StatusNetwork = 0
	StatusTimeout = -1 // of an attempt's time or the context's
)

// Failure is how a request failed.
type Failure struct {
	// Status is the HTTP status, [StatusNetwork] or [StatusTimeout].
	Status int
	// StatusText is the status in words.
	StatusText string
	// Response is the server's body, nil unless it is JSON.
	Response json.RawMessage
	// Code, Message and Work are what the body says in error.
	Code    api.Code
	Message string
	Work    []api.Work
	// RetryAfter is how long the server asks to wait, 0 where it does not.
	RetryAfter time.Duration
	// Cause is why there is no answer, such as the context's, or why it cannot be read; nil for an answer that is understood.
	Cause error
}

func (f *Failure) Error() string {
	text := f.StatusText
	if f.Status > 0 {
		text = fmt.Sprintf("%d %s", f.Status, text)
	}
	if f.Code != "" {
		text += fmt.Sprintf(": %s: %s", f.Code, f.Message)
	}
	if f.Cause != nil {
		text += ": " + f.Cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// mayPass reports whether the same request may succeed later.
func (f *Failure) mayPass() bool {
	switch f.Status {
	case StatusNetwork, StatusTimeout, http.StatusRequestTimeout, http.StatusTooManyRequests:
		return true
	case http.StatusNotImplemented:
		return false
	}
	return f.Status >= 500
}

// refusal is an answer that is no success. A body that is not as agreed leaves the status to speak for itself.
func refusal(response *http.Response, body []byte) *Failure {
	f := &Failure{Status: response.StatusCode, StatusText: http.StatusText(response.StatusCode), RetryAfter: retryAfter(response.Header)}
	f.keep(body)
	var told api.ErrorResponse
	if err := json.Unmarshal(f.Response, &told); err == nil {
		f.Code, f.Message, f.Work = told.Error.Code, told.Error.Message, told.Error.Work
	}
	return f
}

// unreadable is a success that cannot be read. It is final: the server has done what it was asked.
func unreadable(response *http.Response, body []byte, err error) *Failure {
	f := &Failure{Status: response.StatusCode, StatusText: "unreadable answer", Cause: err}
	f.keep(body)
	return f
}

func (f *Failure) keep(body []byte) {
	if json.Valid(body) {
		f.Response = body
	}
}

// unanswered is an attempt without a whole answer.
func unanswered(ctx context.Context, err error) *Failure {
	if ctx.Err() != nil {
		return Ended(ctx)
	}
	if located, ok := errors.AsType[*url.Error](err); ok {
		err = located.Err // addresses hold ids and names, which have no business in logs
	}
	if timed, ok := errors.AsType[net.Error](err); ok && timed.Timeout() {
		return &Failure{Status: StatusTimeout, StatusText: "timeout", Cause: err}
	}
	return &Failure{Status: StatusNetwork, StatusText: "network failure", Cause: err}
}

// Ended is a request whose context ended.
func Ended(ctx context.Context) *Failure {
	f := &Failure{Status: StatusNetwork, StatusText: "network failure", Cause: context.Cause(ctx)}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		f.Status, f.StatusText = StatusTimeout, "timeout"
	}
	return f
}

// retryAfter reads what Muster sends, whole seconds, and what proxies may send, a moment by their own clock.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return max(0, at.Sub(now))
}
