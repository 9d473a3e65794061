package wsapi

import (
	"encoding/binary"
	"errors"
	"net"
	"time"

	"github.com/muster-presence/muster/api"
)

const (
	// writeTime is how long one write may take until the client counts as slow.
	writeTime = 10 * time.Second
	// closeTime is how long the client has to take a close frame, and then to
	// answer it.
	closeTime = time.Second
	// drained is how much is read of a client that has been told to go, in bytes.
	drained = 64 << 10
)

// The frames that a server sends, as the first byte says: final, without
// extension.
const (
	opText  = 0x81
	opClose = 0x88
	opPong  = 0x8a
)

// headerRoom is the size of the header of most frames.
const headerRoom = 4

// errNotWritten: the socket is being closed, or an earlier write failed.
var errNotWritten = errors.New("nothing more is written to this socket")

// beginText leaves room for the header of a text frame that is appended next.
func beginText(b []byte) []byte { return append(b, make([]byte, headerRoom)...) }

// endText puts the header in front of the text that was appended since b was
// start bytes long.
func endText(b []byte, start int) []byte {
	n := len(b) - start - headerRoom
	switch {
	case n <= 125:
		copy(b[start+2:], b[start+headerRoom:])
		b = b[:start+2+n]
		b[start+1] = byte(n)
	case n <= 0xffff:
		b[start+1] = 126
		binary.BigEndian.PutUint16(b[start+2:], uint16(n))
	default:
		b = append(b, make([]byte, 10-headerRoom)...)
		copy(b[start+10:], b[start+headerRoom:start+headerRoom+n])
		b[start+1] = 127
		binary.BigEndian.PutUint64(b[start+2:], uint64(n))
	}
	b[start] = opText
	return b
}

// write sends frames that were made by beginText and endText, in one write.
func (l *link) write(frames []byte) error {
	l.writing <- struct{}{}
	defer func() { <-l.writing }()
	if l.torn || l.closed {
		return errNotWritten
	}
	_ = l.conn.SetWriteDeadline(time.Now().Add(writeTime)) // fails only where the connection is gone
	// Asked after the deadline is set: whoever interrupts later shortens it again.
	if l.interrupted.Load() {
		return errNotWritten
	}
	if _, err := l.conn.Write(frames); err != nil {
		l.torn = true
		return connectionError{err}
	}
	return nil
}

// send sends a control frame.
func (l *link) send(op byte, payload []byte) error {
	var frame [127]byte
	frame[0], frame[1] = op, byte(len(payload))
	return l.write(frame[:2+copy(frame[2:], payload)])
}

// interrupt makes the reader return soon, and whatever is being written fail
// soon.
func (l *link) interrupt() {
	l.interrupted.Store(true)
	_ = l.conn.SetReadDeadline(time.Unix(1, 0)) // fails only where the connection is gone
	_ = l.conn.SetWriteDeadline(time.Now().Add(closeTime))
}

// readBy bounds the time for reading; the zero time takes the bound away. It
// leaves an interruption in force.
func (l *link) readBy(t time.Time) {
	_ = l.conn.SetReadDeadline(t) // a connection that is gone says so when it is read
	if l.interrupted.Load() {
		_ = l.conn.SetReadDeadline(time.Unix(1, 0))
	}
}

// sendClose sends a close frame if there is still a way. Code [noCode] is none.
func (l *link) sendClose(code api.CloseCode, reason string) {
	l.writing <- struct{}{}
	defer func() { <-l.writing }()
	if l.torn || l.closed {
		return
	}
	l.closed = true
	frame := []byte{opClose, 0}
	if code != noCode {
		frame = binary.BigEndian.AppendUint16(frame, uint16(code))
		frame = append(frame, reason[:min(len(reason), 123)]...)
	}
	frame[1] = byte(len(frame) - 2)
	_ = l.conn.SetWriteDeadline(time.Now().Add(closeTime))
	_, err := l.conn.Write(frame)
	l.torn = err != nil
}

// shut says why, waits a moment for the client to take note, and ends the
// connection. It is for the goroutine that reads.
func (l *link) shut(code api.CloseCode, reason string) {
	l.sendClose(code, reason)
	if !l.torn { // only this goroutine writes from here on
		_ = l.conn.SetReadDeadline(time.Now().Add(closeTime))
		l.awaitClose()
	}
	l.drop()
}

// drop ends the connection without a word.
func (l *link) drop() {
	_ = l.conn.Close() // it is given up either way
	l.fragmented = false
	l.release()
}

// awaitClose reads until the client answers a close frame. A connection with
// unread bytes would be reset, and the client might not see why it ends.
func (l *link) awaitClose() {
	for rest := int64(drained); rest > 0; {
		n := l.pending + 1
		if !l.skip(min(l.pending, rest)) {
			return
		}
		l.pending = 0
		rest -= n
		h, err := l.header()
		switch {
		case isConnection(err), h.OpCode == opClose&0x0f:
			return
		case err != nil: // what follows are no frames; the client may still be sending
			l.skip(rest)
			return
		}
	}
}

// skip reads over n bytes and reports whether they came.
func (l *link) skip(n int64) bool {
	for n > 0 {
		if l.r == l.w {
			if l.fill() != nil {
				return false
			}
		}
		step := min(n, int64(l.w-l.r))
		l.r += int(step)
		n -= step
	}
	return true
}

// isTimeout reports whether an error of the connection is that its time was up.
func isTimeout(err error) bool {
	var failed net.Error
	return errors.As(err, &failed) && failed.Timeout()
}
