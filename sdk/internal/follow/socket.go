package follow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
	conn *websocket.Conn
	// life ends when the server has had its time to answer the goodbye. The library breaks a socket whose context ends, so it
	// must outlive the context that says to leave: the goodbye comes in between.
	life context.Context
	end  context.CancelFunc
	stay func() bool   // calls off the goodbye, unless it has begun
	left chan struct{} // closed when the goodbye is over
}

// openSocket connects and says hello.
func (c *connection) openSocket(ctx context.Context) (link, error) {
	dialing, cancel := context.WithTimeoutCause(ctx, dialTime, errDial)
	defer cancel()
	conn, response, err := websocket.Dial(dialing, c.f.address().String(), &websocket.DialOptions{
		HTTPClient: c.f.http,
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
	s := &socket{conn: conn, left: make(chan struct{})}
	s.life, s.end = context.WithCancel(context.WithoutCancel(ctx))
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
	ctx, cancel := context.WithTimeout(s.life, within)
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
	ctx, cancel := context.WithTimeout(s.life, writeTime)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, text)
}

// goodbye closes the socket in the way that tells the server that its client left, and did not get lost. It runs beside the
// reader, to whom the answer comes.
func (s *socket) goodbye() {
	defer close(s.left)
	answered := time.AfterFunc(goodbyeTime, s.end)
	defer answered.Stop()
	_ = s.conn.Close(websocket.StatusNormalClosure, "") // best effort
}

func (s *socket) close() {
	if !s.stay() {
		<-s.left
	}
	s.end()
	_ = s.conn.CloseNow()
}
