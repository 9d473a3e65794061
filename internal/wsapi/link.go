package wsapi

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"github.com/muster-presence/muster/api"
)

const (
	// maxMessage is the size of the largest message of a client, in bytes.
	maxMessage = 8 << 10
	// smallRead is what a socket keeps to read into. Every control frame fits, and
	// so does the answer to a beat, which therefore costs one read.
	smallRead = 144
	// upgradeTime bounds writing the answer to the handshake.
	upgradeTime = 5 * time.Second
)

// errLeft: the client said that it goes, and was answered.
var errLeft = errors.New("the client closed the socket")

// connectionError is an error of the connection's own: it broke, or its time was
// up.
type connectionError struct{ error }

func (e connectionError) Unwrap() error { return e.error }

// link is a WebSocket connection with the protocol taken off: messages come in,
// frames go out. Reading is for one goroutine; the rest may be called at once.
type link struct {
	conn    net.Conn
	buffers *buffers
	clock   func() time.Duration // the server's monotonic clock

	in         []byte // read but not consumed: in[r:w]
	r, w       int
	message    *[]byte // pooled: a message that came in pieces or is large
	fragmented bool    // more pieces of the message follow
	pending    int64   // how much of the frame's payload is not consumed yet
	frames     rate

	interrupted atomic.Bool
	writing     chan struct{} // one place: whoever writes is in it; it guards the fields below
	torn        bool          // a write failed, perhaps in the middle of a frame
	closed      bool          // a close frame was sent: nothing may follow
}

// upgrade answers the handshake and takes the connection away from net/http, with
// whatever it has read already. The request has been checked.
func upgrade(w http.ResponseWriter, r *http.Request, pool *buffers, clock func() time.Duration) (*link, error) {
	conn, buffered, _, err := ws.HTTPUpgrader{Timeout: upgradeTime}.Upgrade(r, w)
	if err != nil {
		if conn != nil {
			_ = conn.Close() // nothing can be said on it any more
		}
		return nil, err
	}
	early, _ := buffered.Reader.Peek(buffered.Reader.Buffered()) // cannot fail: it is there
	return newLink(conn, early, pool, clock), nil
}

func newLink(conn net.Conn, early []byte, pool *buffers, clock func() time.Duration) *link {
	l := &link{conn: conn, buffers: pool, clock: clock, in: make([]byte, max(len(early), smallRead)), writing: make(chan struct{}, 1)}
	l.w = copy(l.in, early)
	return l
}

// read returns the client's next text message, which is valid until the next
// call. Control frames are dealt with on the way. Errors are [closeError] for what
// the client may not do, errLeft, and [connectionError].
func (l *link) read() ([]byte, error) {
	l.release()
	for {
		h, err := l.header()
		switch {
		case err != nil:
			return nil, err
		case !l.frames.take(l.clock()):
			return nil, closeError{api.CloseTooManyFrames}
		case h.OpCode.IsControl():
			if err := l.control(h); err != nil {
				return nil, err
			}
			continue
		case h.OpCode == ws.OpBinary:
			return nil, closeError{api.CloseBadFrame}
		case l.gathered()+h.Length > maxMessage:
			return nil, closeError{api.CloseTooLarge}
		}
		message, err := l.payload(h)
		if err != nil {
			return nil, err
		}
		if l.fragmented = !h.Fin; l.fragmented {
			continue
		}
		if !utf8.Valid(message) {
			return nil, closeError{notUTF8}
		}
		return message, nil
	}
}

// header consumes the next frame's header.
func (l *link) header() (ws.Header, error) {
	for {
		h, size, err := parseHeader(l.in[l.r:l.w])
		if err != nil {
			return h, closeError{protocolError}
		}
		if size == 0 {
			if err := l.fill(); err != nil {
				return h, err
			}
			continue
		}
		state := ws.StateServerSide
		if l.fragmented {
			state = state.Set(ws.StateFragmented)
		}
		if ws.CheckHeader(h, state) != nil {
			return h, closeError{protocolError}
		}
		l.r += size
		l.pending = h.Length
		return h, nil
	}
}

// control deals with a frame that is none of a message.
func (l *link) control(h ws.Header) error {
	payload, err := l.small(h)
	switch {
	case err != nil:
		return err
	case h.OpCode == ws.OpPing:
		return l.send(opPong, payload)
	case h.OpCode == ws.OpClose:
		return l.left(payload)
	}
	return nil
}

// left answers the client's close frame with the client's own code.
func (l *link) left(payload []byte) error {
	if len(payload) == 0 {
		l.sendClose(noCode, "")
		return errLeft
	}
	code, reason := ws.ParseCloseFrameData(payload)
	switch err := ws.CheckCloseFrameData(code, reason); {
	case errors.Is(err, ws.ErrProtocolInvalidUTF8):
		return closeError{notUTF8}
	case err != nil: // among them a code of one byte, which reads as none
		return closeError{protocolError}
	}
	l.sendClose(api.CloseCode(code), "")
	return errLeft
}

// payload consumes a frame of a message and returns what there is of the message.
func (l *link) payload(h ws.Header) ([]byte, error) {
	if l.message == nil && h.Fin && h.Length <= smallRead {
		return l.small(h)
	}
	if l.message == nil {
		l.message = l.buffers.read()
	}
	whole := *l.message
	part := whole[len(whole) : len(whole)+int(h.Length)]
	n := copy(part, l.in[l.r:l.w])
	l.r += n
	m, err := io.ReadFull(l.conn, part[n:])
	l.pending -= int64(n + m)
	if err != nil {
		return nil, connectionError{err}
	}
	ws.Cipher(part, h.Mask, 0)
	*l.message = whole[:len(whole)+len(part)]
	return *l.message, nil
}

// small consumes a payload that fits into the small buffer, where it stays until
// something is read again.
func (l *link) small(h ws.Header) ([]byte, error) {
	n := int(h.Length)
	for l.w-l.r < n {
		if err := l.fill(); err != nil {
			return nil, err
		}
	}
	payload := l.in[l.r : l.r+n]
	ws.Cipher(payload, h.Mask, 0)
	l.r += n
	l.pending = 0
	return payload, nil
}

// fill reads more, at least one byte.
func (l *link) fill() error {
	switch {
	case l.r == l.w:
		l.r, l.w = 0, 0
		if len(l.in) > smallRead { // what net/http had read is used up
			l.in = make([]byte, smallRead)
		}
	case l.r > 0:
		l.w = copy(l.in, l.in[l.r:l.w])
		l.r = 0
	}
	n, err := l.conn.Read(l.in[l.w:])
	l.w += n
	if n > 0 {
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return connectionError{err}
}

// gathered is how much of the message has come.
func (l *link) gathered() int64 {
	if l.message == nil {
		return 0
	}
	return int64(len(*l.message))
}

// release gives back the buffer of a large message.
func (l *link) release() {
	if l.message != nil && !l.fragmented {
		l.buffers.doneReading(l.message)
		l.message = nil
	}
}

// parseHeader reads a frame's header like [ws.ReadHeader], but from what is there
// and without allocating. Size is 0 while not all of it has come.
func parseHeader(b []byte) (h ws.Header, size int, err error) {
	if len(b) < ws.MinHeaderSize {
		return h, 0, nil
	}
	h.Fin = b[0]&0x80 != 0
	h.Rsv = b[0] & 0x70 >> 4
	h.OpCode = ws.OpCode(b[0] & 0x0f)
	h.Masked = b[1]&0x80 != 0
	h.Length = int64(b[1] & 0x7f)
	size = ws.MinHeaderSize
	switch {
	case h.Length == 126:
		size += 2
		if len(b) < size {
			return h, 0, nil
		}
		h.Length = int64(binary.BigEndian.Uint16(b[2:]))
	case h.Length == 127:
		size += 8
		if len(b) < size {
			return h, 0, nil
		}
		if h.Length = int64(binary.BigEndian.Uint64(b[2:])); h.Length < 0 {
			return h, 0, ws.ErrHeaderLengthMSB
		}
	}
	if h.Masked {
		if len(b) < size+len(h.Mask) {
			return h, 0, nil
		}
		size += copy(h.Mask[:], b[size:])
	}
	return h, size, nil
}
