package streamtest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// View says which part of a tenant's log a client watches.
type View struct {
	// Floor: every agent's row. Otherwise one agent's own events.
	Floor bool
	// Agent is whose own events; not with Floor.
	Agent presence.AgentID
	// Group limits the floor to the agents of a group, by its name; empty: all.
	Group string
}

// Cursor is a place in a view: after the event with that number. The zero value
// is no place.
type Cursor struct {
	// Epoch is opaque; numbers of different epochs do not compare.
	Epoch string
	Seq   store.Seq
}

// IsZero reports whether the cursor is no place.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// String is the cursor as it stands in frames, empty for no place.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return c.Epoch + ":" + strconv.FormatUint(uint64(c.Seq), 10)
}

// UnmarshalText reads what String writes: everything before the last colon is
// the epoch.
func (c *Cursor) UnmarshalText(text []byte) error {
	colon := strings.LastIndexByte(string(text), ':')
	if colon < 1 {
		return fmt.Errorf("%q is no cursor of the form epoch:number", text)
	}
	seq, err := strconv.ParseUint(string(text[colon+1:]), 10, 63)
	if err != nil {
		return fmt.Errorf("%q is no cursor of the form epoch:number", text)
	}
	*c = Cursor{Epoch: string(text[:colon]), Seq: store.Seq(seq)}
	return nil
}
