package stream

import (
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"

	"github.com/muster-presence/muster/internal/store"
)

// Cursor is a place in a view: after the event with that number. The zero value
// is no place.
type Cursor struct {
	// Epoch names one life of the view; numbers of different epochs do not
	// compare. For clients it is opaque.
	Epoch string
	Seq   store.Seq
}

// ErrCursor: the text is no cursor.
var ErrCursor = errors.New("not a cursor of the form epoch:number")

// maxEpoch bounds the text of an epoch: a UUID, a number and a digest, with dots.
const maxEpoch = 80

// ParseCursor reads the text of a cursor, or fails with [ErrCursor]. Whether the
// epoch is known is not its business.
func ParseCursor(text string) (Cursor, error) {
	colon := strings.LastIndexByte(text, ':')
	if colon < 1 || colon > maxEpoch {
		return Cursor{}, ErrCursor
	}
	seq, err := strconv.ParseUint(text[colon+1:], 10, 63)
	if err != nil {
		return Cursor{}, ErrCursor
	}
	return Cursor{Epoch: text[:colon], Seq: store.Seq(seq)}, nil
}

// IsZero reports whether the cursor is no place.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// String returns the text, empty for no place.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return string(c.append(nil))
}

func (c Cursor) append(b []byte) []byte {
	b = append(b, c.Epoch...)
	b = append(b, ':')
	return strconv.AppendUint(b, uint64(c.Seq), 10)
}

// of is the epoch of a part of what an epoch is of, by the part's name: a cursor
// of one must not be taken for one of another, whose events it knows nothing of.
func of(epoch, part string) string {
	return fmt.Sprintf("%s.%08x", epoch, crc32.ChecksumIEEE([]byte(part)))
}
