package follow

import (
	"errors"
	"strconv"
	"strings"
)

// cursor is a place in a view: after the event with that number. The zero value is no place.
type cursor struct {
	epoch string // opaque
	seq   int64
}

var errCursor = errors.New("a cursor is written epoch:number")

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *cursor) UnmarshalText(text []byte) error {
	colon := strings.LastIndexByte(string(text), ':')
	if colon < 1 {
		return errCursor
	}
	seq, err := strconv.ParseUint(string(text[colon+1:]), 10, 63)
	if err != nil {
		return errCursor
	}
	*c = cursor{epoch: string(text[:colon]), seq: int64(seq)}
	return nil
}

func (c cursor) isZero() bool { return c == cursor{} }

// String is the text, "" for no place.
func (c cursor) String() string {
	if c.isZero() {
		return ""
	}
	return c.epoch + ":" + strconv.FormatInt(c.seq, 10)
}
