package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/muster-presence/muster/api"
)

// statusClientClosed is what is counted when the caller has left before the
// answer. Nobody receives it.
const statusClientClosed = 499

// answer remembers what was answered.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// plain is a result that is answered without the envelope.
type plain struct{ body any }

// document is a result that is no JSON.
type document struct {
	contentType string
	body        []byte
}

// encode makes JSON that people can read too: with a line's end, and without
// escapes for browsers, which never see it as HTML.
func encode(body any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(body)
	return text.Bytes(), err
}

// answer writes a result.
func (c *call) answer(result any) error {
	if document, ok := result.(document); ok {
		c.write(http.StatusOK, document.contentType, document.body)
		return nil
	}
	var body any = api.Result[any]{Result: result}
	if plain, ok := result.(plain); ok {
		body = plain.body
	}
	text, err := encode(body)
	if err != nil {
		return fmt.Errorf("write the answer of %s: %w", c.operation(), err)
	}
	c.write(http.StatusOK, "application/json", text)
	return nil
}

// fail writes an error, once, and logs what is not the caller's doing. Where the
// caller has left, what went wrong follows from that; the answer is written all
// the same, because silence would be a success to whoever is still there.
func (c *call) fail(err error) {
	left := errors.Is(c.ctx().Err(), context.Canceled)
	if left {
		err = newFault(api.CodeUnavailable, "The request was given up before it was answered. Whether it was carried out is not known.")
		defer func() { c.w.status = statusClientClosed }()
	}
	f := faultOf(err)
	f.body.RequestID = c.requestID()
	status := f.body.Code.Status()
	if status >= http.StatusInternalServerError && !left {
		c.server.Log.LogAttrs(c.ctx(), level(status), "request failed",
			slog.String("operation", c.operation()), slog.String("code", string(f.body.Code)),
			slog.String("requestId", c.id), slog.Any("error", f))
	}
	header := c.w.Header()
	if f.body.Code.RetryAfter() {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(max(f.retryAfter, time.Second).Seconds()))))
	}
	if f.allow != "" {
		header.Set("Allow", f.allow)
	}
	if status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", "Bearer")
	}
	text, err := encode(api.ErrorResponse{Error: f.body})
	if err != nil {
		c.server.Log.Error("an error could not be written", "requestId", c.id, "error", err)
	}
	c.write(status, "application/json", text)
}

func level(status int) slog.Level {
	if status == http.StatusServiceUnavailable {
		return slog.LevelWarn
	}
	return slog.LevelError
}

func (c *call) write(status int, contentType string, body []byte) {
	header := c.w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(body) // the caller may be gone: nobody is left to tell
}

// recover turns a panic of a handler into an internal error of this one request.
func (c *call) recover() {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	c.server.Log.Error("a handler panicked", "operation", c.operation(), "requestId", c.requestID(),
		"panic", cause, "stack", string(debug.Stack()))
	if c.w.status == 0 {
		c.fail(fmt.Errorf("panic: %v", cause))
	}
}
