package follow

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/muster-presence/muster/api"
)

const (
	// welcomeTime is how long the welcome may take on a connection that is open.
	welcomeTime = 30 * time.Second
	// frameLimit is far above a snapshot's part and any change that stays whole.
	frameLimit = 16 << 20
)

// What breaks a stream beside the network.
var (
	errSilent = errors.New("nothing was heard for too long")
	errOrder  = errors.New("a frame came before its time")
	errParts  = errors.New("a part of a snapshot does not follow on the one before")
	errGap    = errors.New("something is missing before an event")
	errSum    = errors.New("the rows add up to something else than the server's")
)

// connection is one stream, from the attempt to its end.
type connection struct {
	f       *Follower
	leave   context.CancelCauseFunc // ends the context of follow
	token   string                  // that it begins with
	renewed bool                    // it was told others; known once it has ended
	sent    time.Time               // when the server could first read its clock for the welcome
	link    link
	quiet   time.Duration // how long the next frame may take
	opened  time.Time     // when the welcome came; zero before
	unread  bool          // a frame was passed over
	parts   snapshot
}

// link is what carries frames.
type link interface {
	// read waits for the next frame, at most so long.
	read(within time.Duration) ([]byte, error)
	// answer answers a beat.
	answer(n int64) error
	// renew puts a fresh token in the place of the one before. Any goroutine may call it.
	renew(token string)
	// close lets go of the connection and returns when nothing of it runs any more.
	close()
}

// follow opens the stream and takes its frames until it ends by itself, or ctx says that it is to be left.
func (c *connection) follow(ctx context.Context) error {
	if c.token == "" {
		return &verdict{status: http.StatusUnauthorized, code: api.CodeBadCredentials, reason: "There is no token."}
	}
	if err := c.open(ctx); err != nil {
		return err
	}
	defer c.link.close()
	c.quiet = welcomeTime
	for {
		text, err := c.link.read(c.quiet)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			continue // until the server has answered the goodbye
		}
		if err := c.receive(ctx, text); err != nil {
			c.leave(err)
		}
	}
}

// steady reports whether the stream has stayed open for so long that its end is none of a row.
func (c *connection) steady() bool {
	return !c.opened.IsZero() && time.Since(c.opened) >= steadyTime
}

func (c *connection) open(ctx context.Context) (err error) {
	if c.f.events {
		c.link, err = c.openEvents(ctx)
	} else {
		c.link, err = c.openSocket(ctx)
	}
	return err
}

// receive takes a frame. An error is why to leave.
func (c *connection) receive(ctx context.Context, text []byte) error {
	f, err := readFrame(text)
	if err != nil {
		c.unread = true
		c.f.o.Receiver.Unreadable(text, err)
		return nil
	}
	switch {
	case f.Type == api.FrameTypeWelcome:
		return c.takeWelcome(f)
	case f.Type == api.FrameTypeClose:
		return &verdict{close: f.Code, reason: f.Reason}
	case c.opened.IsZero() && f.Type.Valid():
		return fmt.Errorf("%w: %s before the welcome", errOrder, f.Type)
	}
	switch f.Type {
	case api.FrameTypeSnapshot:
		return c.takePart(f)
	case api.FrameTypeEvents:
		return c.takeEvents(ctx, f.Events)
	case api.FrameTypeMark:
		return c.takeMark(f)
	case api.FrameTypeBeat:
		return c.takeBeat(f)
	}
	return nil // a later protocol's
}

// takeWelcome leaves the cursor as it is: if the view does not go on from there, a snapshot follows.
func (c *connection) takeWelcome(f frame) error {
	beat := time.Duration(f.BeatMS) * time.Millisecond
	if beat <= 0 {
		return fmt.Errorf("%w: a welcome with a beat every %s", errOrder, beat)
	}
	c.opened, c.quiet = time.Now(), beat*5/2
	c.f.o.Receiver.Welcomed(beat, f.Timestamp, c.sent, c.opened, !c.f.events)
	c.f.welcomed(c.link)
	return nil
}

func (c *connection) takePart(f frame) error {
	if !c.parts.add(f) {
		return fmt.Errorf("%w: part %d at %s after part %d at %s", errParts, f.Part, f.Cursor, c.parts.part, c.parts.at)
	}
	if !f.Last {
		return nil
	}
	rows, held := c.parts.rows, &c.f.held
	c.parts = snapshot{}
	if held.digest != nil {
		rows = held.digest.replace(rows, c.f.o.Receiver.Unreadable)
	}
	held.cursor = f.Cursor
	c.f.o.Receiver.Snapshot(rows)
	return nil
}

// takeEvents stops within a frame where the receiver says that it wants to begin anew.
func (c *connection) takeEvents(ctx context.Context, events []api.StreamEvent) error {
	at := &c.f.held.cursor
	for _, e := range events {
		switch {
		case ctx.Err() != nil:
			return nil
		case at.isZero():
			return fmt.Errorf("%w: event %d before a snapshot", errOrder, e.Seq)
		case e.Seq <= at.seq:
			continue // seen already
		case e.Prev > at.seq:
			return c.miss(e)
		}
		at.seq = e.Seq
		c.tell(e.Message)
	}
	return nil
}

// miss finds that something is missing before an event. Where a frame was passed over, that may be what is missing: it would come
// again and be passed over again, so a snapshot takes its place.
func (c *connection) miss(e api.StreamEvent) error {
	at := c.f.held.cursor
	if c.unread {
		c.f.held.forget()
	}
	return fmt.Errorf("%w: event %d follows on %d, and the view is at %s", errGap, e.Seq, e.Prev, at)
}

func (c *connection) tell(message []byte) {
	if d := c.f.held.digest; d != nil {
		if err := d.apply(message); err != nil {
			c.f.o.Receiver.Unreadable(message, err)
			return
		}
	}
	c.f.o.Receiver.Event(message)
}

func (c *connection) takeMark(f frame) error {
	if f.Cursor.isZero() || c.f.held.cursor.isZero() {
		return fmt.Errorf("%w: a mark at %q before a snapshot", errOrder, f.Cursor)
	}
	c.f.held.cursor = f.Cursor
	return nil
}

// takeBeat answers first: whatever the rows add up to, the client is there.
func (c *connection) takeBeat(f frame) error {
	if err := c.link.answer(f.N); err != nil {
		return err
	}
	if !c.f.held.agrees(f) {
		c.f.held.forget()
		return fmt.Errorf("%w at %d", errSum, *f.Seq)
	}
	return nil
}
