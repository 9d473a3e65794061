package follow

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
)

var errLong = errors.New("an event is too long")

// events carries frames as Server-Sent Events. The ids of the events are passed over: the frames say the same.
type events struct {
	life    context.Context         // of the request; ends with its cause when the stream is left, or silent
	cut     context.CancelCauseFunc // ends it
	leave   context.CancelCauseFunc // leaves the connection
	silence *time.Timer
	body    io.ReadCloser
	lines   *bufio.Scanner
}

// openEvents asks for events. The server answers when it has the welcome.
func (c *connection) openEvents(ctx context.Context) (link, error) {
	e := &events{leave: c.leave, body: http.NoBody}
	e.life, e.cut = context.WithCancelCause(ctx)
	e.silence = time.AfterFunc(welcomeTime, func() { e.cut(errSilent) })
	c.sent = time.Now()
	response, err := c.f.http.Do(c.eventsRequest(e.life))
	if err != nil {
		defer e.close()
		return nil, e.failed(err)
	}
	e.body = response.Body
	if !isEvents(response) {
		defer e.close()
		return nil, readRefusal(response)
	}
	e.lines = bufio.NewScanner(e.body)
	e.lines.Buffer(nil, frameLimit)
	return e, nil
}

func isEvents(response *http.Response) bool {
	kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type"))
	return err == nil && kind == "text/event-stream" && response.StatusCode == http.StatusOK
}

func (c *connection) eventsRequest(ctx context.Context) *http.Request {
	o := &c.f.o
	address := c.f.address()
	query := url.Values{"view": {string(o.View)}}
	if o.Group != "" {
		query.Set("group", o.Group)
	}
	address.RawQuery = query.Encode()
	header := http.Header{
		"Accept":        {"text/event-stream"},
		"Authorization": {"Token " + c.token},
		"Cache-Control": {"no-store"},
		"User-Agent":    {o.Name},
	}
	if at := c.f.place(); !at.isZero() {
		header.Set("Last-Event-ID", at.String())
	}
	request := &http.Request{Method: http.MethodGet, URL: address, Host: address.Host, Header: header}
	return request.WithContext(ctx)
}

func (e *events) read(within time.Duration) ([]byte, error) {
	e.silence.Reset(within)
	defer e.silence.Stop() // the receiver may take its time
	var data []byte
	for e.lines.Scan() {
		line := e.lines.Bytes()
		value, isData := bytes.CutPrefix(line, []byte("data:"))
		switch {
		case len(line) == 0 && data != nil:
			return data, nil
		case !isData:
			continue
		case data != nil:
			data = append(data, '\n')
		}
		data = append(data, bytes.TrimPrefix(value, []byte(" "))...)
		if len(data) > frameLimit {
			return nil, errLong
		}
	}
	if err := e.lines.Err(); err != nil {
		return nil, e.failed(err)
	}
	return nil, e.failed(io.ErrUnexpectedEOF) // the last frame is a close
}

// failed is why something failed.
func (e *events) failed(err error) error {
	if e.life.Err() != nil {
		return context.Cause(e.life)
	}
	return err
}

// answer does nothing: beats of events ask nobody.
func (e *events) answer(int64) error { return nil }

// renew leaves: the token is in the request.
func (e *events) renew(string) { e.leave(errRenew) }

func (e *events) close() {
	e.silence.Stop()
	e.cut(nil)
	_ = e.body.Close()
}
