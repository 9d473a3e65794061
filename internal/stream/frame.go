package stream

import (
	"strconv"

	"github.com/muster-presence/muster/internal/store"
)

// Frames are appended by hand: their parts are encoded already, and one part
// goes to many subscriptions.

func appendMark(b []byte, cursor Cursor) []byte {
	b = append(b, `{"type":"mark","cursor":"`...)
	b = cursor.append(b)
	return append(b, `"}`...)
}

func appendBeat(b []byte, beat beat) []byte {
	b = append(b, `{"type":"beat","n":`...)
	b = strconv.AppendUint(b, beat.n, 10)
	if beat.digested {
		b = append(b, `,"seq":`...)
		b = strconv.AppendUint(b, uint64(beat.seq), 10)
		b = append(b, `,"sum":`...)
		b = strconv.AppendUint(b, uint64(beat.sum), 10)
	}
	return append(b, '}')
}

// appendSnapshotHead begins a part of a snapshot, up to its rows.
func appendSnapshotHead(b []byte, cursor Cursor, part int, last bool) []byte {
	b = append(b, `{"type":"snapshot","cursor":"`...)
	b = cursor.append(b)
	b = append(b, `","part":`...)
	b = strconv.AppendInt(b, int64(part), 10)
	b = append(b, `,"last":`...)
	b = strconv.AppendBool(b, last)
	return append(b, `,"rows":[`...)
}

const (
	eventsHead = `{"type":"events","events":[`
	listTail   = `]}`
)

// encodeEvent is an event as it stands in a frame.
func encodeEvent(seq, prev store.Seq, message []byte) []byte {
	b := make([]byte, 0, len(message)+64)
	b = append(b, `{"seq":`...)
	b = strconv.AppendUint(b, uint64(seq), 10)
	b = append(b, `,"prev":`...)
	b = strconv.AppendUint(b, uint64(prev), 10)
	b = append(b, `,"message":`...)
	b = append(b, message...)
	return append(b, '}')
}
