package wsapi

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
	"time"

	"github.com/gobwas/ws"

	"github.com/muster-presence/muster/api"
)

// line is a connection that a client follows a view on, whatever carries it.
type line interface {
	// next is the next frame, and what the line itself says about where the client is
	// after it. The error is an [endedError] where the server has said why.
	next(patience time.Duration) (text []byte, id string, err error)
	answer(text []byte) error
	cut()
}

// endedError is the code with which a line ended, or the status with which it was
// refused.
type endedError struct{ code api.CloseCode }

func (e endedError) Error() string { return fmt.Sprint("ended with ", int(e.code)) }

// socketLine is a line by WebSocket.
type socketLine struct {
	conn *memoryConn
	from *bufio.Reader
}

func openSocketLine(conn *memoryConn, hello string) (line, error) {
	l := &socketLine{conn: conn, from: bufio.NewReader(conn)}
	if _, err := io.WriteString(conn, handshake(north)); err != nil {
		return nil, err
	}
	if err := wantStatus(l.from, conn, http.StatusSwitchingProtocols); err != nil {
		return nil, err
	}
	_, err := io.WriteString(conn, text(hello))
	return l, err
}

// wantStatus reads the answer to a request, as long as a client waits for it.
func wantStatus(from *bufio.Reader, conn *memoryConn, want int) error {
	_ = conn.SetReadDeadline(time.Now().Add(40 * time.Second)) // events are welcomed with it
	got, err := http.ReadResponse(from, nil)
	if err == nil && got.StatusCode != want {
		err = endedError{api.CloseCode(got.StatusCode)}
	}
	return err
}

func (l *socketLine) next(patience time.Duration) ([]byte, string, error) {
	_ = l.conn.SetReadDeadline(time.Now().Add(patience))
	f, err := ws.ReadFrame(l.from)
	switch {
	case err != nil:
		return nil, "", err
	case f.Header.OpCode == ws.OpClose:
		code, _ := ws.ParseCloseFrameData(f.Payload)
		return nil, "", endedError{api.CloseCode(code)}
	case f.Header.OpCode != ws.OpText:
		return nil, "", fmt.Errorf("unexpected %+v", f.Header)
	}
	return f.Payload, "", nil
}

func (l *socketLine) answer(said []byte) error {
	_, err := io.WriteString(l.conn, text(string(said)))
	return err
}

func (l *socketLine) cut() { _ = l.conn.Close() }

// eventsLine is a line by Server-Sent Events.
type eventsLine struct {
	conn *memoryConn
	from *bufio.Reader
}

func openEventsLine(conn *memoryConn, request string) (line, error) {
	if _, err := io.WriteString(conn, request); err != nil {
		return nil, err
	}
	from := bufio.NewReader(conn)
	if err := wantStatus(from, conn, http.StatusOK); err != nil {
		return nil, err
	}
	return &eventsLine{conn: conn, from: bufio.NewReader(httputil.NewChunkedReader(from))}, nil
}

func (l *eventsLine) next(patience time.Duration) (text []byte, id string, err error) {
	_ = l.conn.SetReadDeadline(time.Now().Add(patience))
	for {
		read, err := l.from.ReadString('\n')
		if err != nil {
			return nil, "", err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(read, "\n"), ": ")
		switch name {
		case "id":
			id = value
		case "data":
			text = []byte(value)
		case "":
			return text, id, nil
		default:
			return nil, "", fmt.Errorf("unexpected line %q", read)
		}
	}
}

func (l *eventsLine) answer([]byte) error { return nil } // beats need none here

func (l *eventsLine) cut() { _ = l.conn.Close() }

// codeOf is the code with which a line ended, 0 for none.
func codeOf(err error) api.CloseCode {
	var ended endedError
	if errors.As(err, &ended) {
		return ended.code
	}
	return 0
}
