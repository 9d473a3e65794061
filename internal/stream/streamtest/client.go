package streamtest

import (
	"encoding/json"
	"fmt"

	"github.com/muster-presence/muster/api"
)

// Client follows a view: the rules of docs/protocol.md, and a record of what was
// received. It is not for use by several goroutines at once.
type Client struct {
	seen   Seen
	cursor Cursor
	held   rows
	// parts are those of an unfinished snapshot.
	parts     []json.RawMessage
	part      int
	of        Cursor
	connected bool // a welcome has come
	beat      uint64
}

// NewClient returns a client that has never been connected.
func NewClient(view View) *Client {
	return &Client{seen: Seen{View: view}, held: newRows(view)}
}

// Connect begins a connection, the former one having ended, and returns the
// cursor for the hello, zero for none.
func (c *Client) Connect() Cursor {
	c.ConnectFrom(c.cursor)
	return c.cursor
}

// ConnectFrom is Connect by a client that says it were somewhere else. What it
// holds stays what it is.
func (c *Client) ConnectFrom(cursor Cursor) {
	c.seen.Connections = append(c.seen.Connections, Connection{From: cursor})
	c.connected, c.parts, c.part, c.of = false, nil, 0, Cursor{}
}

// Receive takes a frame of the server. The error says what was wrong with it; the
// verdict is what to do, with an error too.
func (c *Client) Receive(text []byte) (Verdict, error) {
	if len(c.seen.Connections) == 0 {
		return Resume, fmt.Errorf("a frame came before there was a connection")
	}
	var f Frame
	if err := json.Unmarshal(text, &f); err != nil {
		return Resume, fmt.Errorf("read frame %.200s: %w", text, err)
	}
	connection := &c.seen.Connections[len(c.seen.Connections)-1]
	connection.Frames = append(connection.Frames, f)
	at := place{len(c.seen.Connections), len(connection.Frames)}
	verdict, err := c.take(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", at, err)
	}
	return verdict, err
}

// Closed is what to do when the connection ended with a code, 0 for none.
func (c *Client) Closed(code api.CloseCode) Verdict { return verdictOf(code) }

// Answer is the answer to the beat that came last.
func (c *Client) Answer() []byte { return fmt.Appendf(nil, `{"type":"beat","n":%d}`, c.beat) }

// Cursor is where the client is, zero for nowhere.
func (c *Client) Cursor() Cursor { return c.cursor }

// Seen is what the client has seen so far.
func (c *Client) Seen() Seen { return c.seen }

// take does what the protocol says.
func (c *Client) take(f Frame) (Verdict, error) {
	if !c.connected && f.Type != api.FrameTypeWelcome && f.Type != api.FrameTypeClose {
		return Resume, fmt.Errorf("a frame of type %q comes before the welcome", f.Type)
	}
	switch f.Type {
	case api.FrameTypeWelcome:
		c.connected = true
	case api.FrameTypeSnapshot:
		return c.takePart(f)
	case api.FrameTypeEvents:
		return c.takeEvents(f)
	case api.FrameTypeMark:
		c.cursor = f.Cursor
	case api.FrameTypeBeat:
		return c.takeBeat(f)
	case api.FrameTypeClose:
		return verdictOf(f.Code), nil
	}
	return GoOn, nil
}

func (c *Client) takePart(f Frame) (Verdict, error) {
	if f.Part == 1 {
		c.parts, c.part, c.of = nil, 0, f.Cursor
	}
	if f.Part != c.part+1 || f.Cursor != c.of {
		return Resume, fmt.Errorf("part %d of the snapshot at %s does not follow on part %d at %q", f.Part, f.Cursor, c.part, c.of)
	}
	c.parts, c.part = append(c.parts, f.Rows...), f.Part
	if !f.Last {
		return GoOn, nil
	}
	rows := c.parts
	c.parts, c.part = nil, 0
	if err := c.held.replace(rows); err != nil {
		return Begin, c.forget(fmt.Errorf("read the snapshot at %s: %w", f.Cursor, err))
	}
	c.cursor = f.Cursor
	return GoOn, nil
}

func (c *Client) takeEvents(f Frame) (Verdict, error) {
	var unread error
	for _, e := range f.Events {
		switch {
		case c.cursor.IsZero():
			return Resume, fmt.Errorf("event %d comes before a snapshot", e.Seq)
		case e.Seq <= c.cursor.Seq:
			continue
		case e.Prev > c.cursor.Seq:
			return Resume, fmt.Errorf("event %d follows on %d, the client is at %d", e.Seq, e.Prev, c.cursor.Seq)
		}
		if err := c.held.apply(e.Message); err != nil {
			unread = fmt.Errorf("read the message of event %d: %w", e.Seq, err)
		}
		c.cursor.Seq = e.Seq
	}
	return GoOn, unread
}

func (c *Client) takeBeat(f Frame) (Verdict, error) {
	c.beat = f.N
	if f.Sum == nil || f.Seq == nil || *f.Seq != c.cursor.Seq || c.cursor.IsZero() {
		return Answer, nil
	}
	if sum := c.held.sum(); sum != *f.Sum {
		return Begin, c.forget(fmt.Errorf("beat %d says that the rows add up to %d at %d, they add up to %d", f.N, *f.Sum, *f.Seq, sum))
	}
	return Answer, nil
}

// forget makes the client begin from nothing because of an error.
func (c *Client) forget(err error) error {
	c.cursor, c.held = Cursor{}, newRows(c.seen.View)
	return err
}
