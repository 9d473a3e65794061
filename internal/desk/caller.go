package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"time"
)

// ErrNotLoggedIn is returned where a desk has no holder.
var ErrNotLoggedIn = errors.New("nobody is logged in")

// answerTime is how long a holder may take: longer than the SDK tries a request.
const answerTime = 90 * time.Second

// Caller talks to the holder of a desk.
type Caller struct {
	Folder Folder
	Desk   string
}

// Ask has the holder do something and reads the result. It fails with a [*Problem], which wraps [ErrNotLoggedIn] where there is no
// holder.
func (c Caller) Ask(ctx context.Context, request Request, result any) error {
	connection, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	_ = connection.SetDeadline(time.Now().Add(answerTime))
	return c.ask(ctx, connection, bufio.NewReader(connection), request, result)
}

func (c Caller) ask(ctx context.Context, connection net.Conn, reader *bufio.Reader, request Request, result any) error {
	request.Version = protocolVersion
	if err := writeLine(connection, request); err != nil {
		return c.broken(ctx, err)
	}
	var got answer
	if err := readLine(reader, longestAnswer, &got); err != nil {
		return c.broken(ctx, err)
	}
	switch {
	case got.Error != nil:
		return &Problem{Err: got.Error, Text: got.Text}
	case got.Version != protocolVersion:
		return problem(0, errVersion.Error())
	}
	if err := json.Unmarshal(got.Result, result); err != nil {
		return fmt.Errorf("read the desk's answer: %w", err)
	}
	return nil
}

// Watch tells what happens at the desk: first what is, then each event, until ctx ends or the session does. It fails as [Caller.Ask]
// does.
func (c Caller) Watch(ctx context.Context) (Opening, iter.Seq2[Told, error], error) {
	connection, err := c.dial(ctx)
	if err != nil {
		return Opening{}, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = connection.Close() })
	reader := bufio.NewReader(connection)
	var opening Opening
	_ = connection.SetDeadline(time.Now().Add(answerTime))
	if err := c.ask(ctx, connection, reader, Request{Do: DoWatch}, &opening); err != nil {
		stop()
		return Opening{}, nil, errors.Join(err, connection.Close())
	}
	_ = connection.SetDeadline(time.Time{})
	return opening, func(yield func(Told, error) bool) {
		defer connection.Close()
		defer stop()
		for {
			var told Told
			switch err := readLine(reader, longestAnswer, &told); {
			case ctx.Err() != nil:
				return
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(Told{}, c.broken(ctx, err))
				return
			}
			if !yield(told, nil) {
				return
			}
		}
	}, nil
}

// Status is what the desk knows, also where nobody is logged in: then it is no error.
func (c Caller) Status(ctx context.Context) (Status, error) {
	var status Status
	err := c.Ask(ctx, Request{Do: DoStatus}, &status)
	if errors.Is(err, ErrNotLoggedIn) {
		return Status{Desk: c.Desk, Ended: c.Folder.readNote(c.Desk)}, nil
	}
	return status, err
}

func (c Caller) dial(ctx context.Context) (net.Conn, error) {
	if err := c.Folder.check(); err != nil {
		return nil, err
	}
	connection, err := new(net.Dialer).DialContext(ctx, "unix", c.Folder.socket(c.Desk))
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, c.notLoggedIn()
	}
	return connection, nil
}

// broken is what a connection that ended early means.
func (c Caller) broken(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return c.notLoggedIn() // the holder ended meanwhile
	}
	return fmt.Errorf("talk to the desk %s: %w", c.Desk, err)
}

func (c Caller) notLoggedIn() error {
	text := "nobody is logged in at the desk " + c.Desk
	if ending := c.Folder.readNote(c.Desk); ending != nil {
		text += " any more: " + ending.Text
	}
	return &notLoggedIn{problem(0, text)}
}

// notLoggedIn is a problem that is ErrNotLoggedIn too.
type notLoggedIn struct{ *Problem }

func (n *notLoggedIn) Unwrap() []error { return []error{n.Problem, ErrNotLoggedIn} }
