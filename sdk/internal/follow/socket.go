package follow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/muster-presence/muster/api"
)

const (
	// dialTime is how long a socket may take to open.
	dialTime = 10 * time.Second
	// writeTime is how long a frame may take to be written.
	writeTime = 5 * time.Second
	// goodbyeTime is how long the server has to answer the goodbye.
	goodbyeTime = 500 * time.Millisecond
)

var errDial = errors.New("the socket takes too long to open")

// socket carries frames over a WebSocket.
type socket struct {
	conn  *websocket.Conn
	under io.Closer     // what conn reads and writes; closing it breaks off whatever conn is at
	stay  func() bool   // calls off the goodbye, unless it has begun
	left  chan struct{} // closed when the goodbye is over
}

// openSocket connects and says hello.
func (c *connection) openSocket(ctx context.Context) (link, error) {
	dialing, cancel := context.WithTimeoutCause(ctx, dialTime, errDial)
	defer cancel()
	client, upgrade := upgrading(c.f.http)
	conn, response, err := websocket.Dial(dialing, c.f.address().String(), &websocket.DialOptions{
		HTTPClient: client,
		HTTPHeader: http.Header{"User-Agent": {c.f.o.Name}},
	})
	switch {
	case err == nil:
	case response != nil && response.Body != nil:
		return nil, readRefusal(response)
	case dialing.Err() != nil:
		return nil, context.Cause(dialing)
	default:
		return nil, err
	}
	c.f.blocked = 0
	conn.SetReadLimit(frameLimit)
	s := &socket{conn: conn, under: upgrade.upgraded, left: make(chan struct{})}
	s.stay = context.AfterFunc(ctx, s.goodbye)
	c.sent = time.Now()
	if err := s.write(c.hello()); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (c *connection) hello() api.HelloFrame {
	o := &c.f.o
	return api.HelloFrame{
		Type: api.FrameTypeHello, Token: c.token, View: o.View,
		Client: said(o.Name), Cursor: said(c.f.place().String()), Group: said(o.Group), SessionID: said(o.Session),
	}
}

// said is a text that may be left out.
func said(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (s *socket) read(within time.Duration) ([]byte, error) {
	// Not of the context that says to leave: the library breaks off a socket with it, and the goodbye comes first.
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	_, text, err := s.conn.Read(ctx)
	var closed websocket.CloseError
	switch {
	case err == nil:
		return text, nil
	case errors.As(err, &closed):
		return nil, &verdict{close: api.CloseCode(closed.Code), reason: closed.Reason}
	case ctx.Err() != nil:
		return nil, errSilent
	}
	return nil, err
}

func (s *socket) answer(n int64) error {
	return s.write(api.BeatAnswerFrame{Type: api.FrameTypeBeat, N: n})
}

// renew needs no error: a socket that cannot be written to cannot be read either.
func (s *socket) renew(token string) {
	_ = s.write(api.TokenFrame{Type: api.FrameTypeToken, Token: token})
}

func (s *socket) write(frame any) error {
	text, err := json.Marshal(frame)
	if err != nil {
		return fmt.Errorf("write a frame: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, text)
}

// goodbye closes the socket in the way that tells the server that its client left, and did not get lost. It runs beside the
// reader, to whom the answer comes. The library has times of its own for a goodbye, which are longer.
func (s *socket) goodbye() {
	defer close(s.left)
	late := time.AfterFunc(goodbyeTime, func() { _ = s.under.Close() })
	defer late.Stop()
	_ = s.conn.Close(websocket.StatusNormalClosure, "") // best effort
}

func (s *socket) close() {
	if !s.stay() {
		<-s.left
	}
	_ = s.conn.CloseNow()
}
