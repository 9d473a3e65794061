package streamtest

import (
	"encoding/json"
	"fmt"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/store"
)

// Seen is what one client saw of one view, on all of its connections.
type Seen struct {
	View        View
	Connections []Connection
}

// Connection is what a client saw on one of its connections.
type Connection struct {
	// From is the cursor of the hello, zero for none.
	From Cursor
	// Frames are in the order in which they came, with the welcome first.
	Frames []Frame
}

// Frame is a frame of the server, whichever it is: fields of other types are
// zero.
type Frame struct {
	Type api.FrameType `json:"type"`
	// Cursor is a welcome's, a snapshot's or a mark's.
	Cursor Cursor `json:"cursor"`

	Part int               `json:"part"`
	Last bool              `json:"last"`
	Rows []json.RawMessage `json:"rows"`

	Events []Event `json:"events"`

	N   uint64     `json:"n"`
	Seq *store.Seq `json:"seq"`
	Sum *uint32    `json:"sum"`

	Code api.CloseCode `json:"code"`
}

// Event is an event as it stands in a frame.
type Event struct {
	Seq     store.Seq       `json:"seq"`
	Prev    store.Seq       `json:"prev"`
	Message json.RawMessage `json:"message"`
}

// resumed reports whether the server took up the client's cursor.
func (c Connection) resumed() bool {
	return !c.From.IsZero() && len(c.Frames) > 0 && c.Frames[0].Type == api.FrameTypeWelcome && c.Frames[0].Cursor == c.From
}

// place is a frame of a record, both numbers from 1.
type place struct{ connection, frame int }

func (p place) String() string { return fmt.Sprintf("connection %d, frame %d", p.connection, p.frame) }

// complain says what is wrong at a place.
func (p place) complain(format string, args ...any) error {
	return fmt.Errorf("%s: %s", p, fmt.Sprintf(format, args...))
}

// frames yields the frames of a connection with what the server may take the
// client to hold before each and after it: nothing, until it resumed or a snapshot
// is complete.
func (c Connection) frames(number int, visit func(at place, before, after Cursor, f Frame) error) error {
	var held Cursor
	if c.resumed() {
		held = c.From
	}
	for i, f := range c.Frames {
		before := held
		switch f.Type {
		case api.FrameTypeSnapshot:
			if f.Last {
				held = f.Cursor
			}
		case api.FrameTypeMark:
			held = f.Cursor
		case api.FrameTypeEvents:
			for _, e := range f.Events {
				if !held.IsZero() {
					held.Seq = max(held.Seq, e.Seq)
				}
			}
		}
		if err := visit(place{number, i + 1}, before, held, f); err != nil {
			return err
		}
	}
	return nil
}

// frames yields those of all connections.
func (s Seen) frames(visit func(at place, before, after Cursor, f Frame) error) error {
	for i, c := range s.Connections {
		if err := c.frames(i+1, visit); err != nil {
			return err
		}
	}
	return nil
}
