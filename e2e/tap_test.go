package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/muster-presence/muster/api"
)

// tap is one connection to the stream, by a socket or by Server-Sent Events. It keeps
// what comes and answers beats, until it is told to be silent.
type tap struct {
	t       *testing.T
	conn    *websocket.Conn // nil: Server-Sent Events
	cut     context.CancelFunc
	reading sync.Mutex    // held while it reads a frame or is stalled
	ended   chan struct{} // closed when the connection has ended

	mu       sync.Mutex // guards the fields below
	silent   bool
	answered time.Time // when a beat was answered last
	frames   []tapped
	code     api.CloseCode // with which it ended, 0 for none
}

// tapped is a frame, whichever it is.
type tapped struct {
	Type   api.FrameType
	N      uint64
	Code   api.CloseCode
	Events []struct{ Message tappedMessage }
	came   time.Time
}

// tappedMessage is a message of either view.
type tappedMessage struct {
	Type             api.MessageType
	NotificationType api.NotificationType
	InteractionID    string
	ResourceID       string
	SessionID        string
	State            string
	Row              api.FloorRow
}

// openSocket follows a view over a socket, for a session unless that is empty, and
// returns when it has been shown the view.
func openSocket(t *testing.T, p *person, view api.View, session string) *tap {
	t.Helper()
	life, cut := context.WithCancel(context.Background())
	k := &tap{t: t, cut: cut, ended: make(chan struct{})}
	var err error
	k.conn, _, err = websocket.Dial(life, p.base+"tenants/"+p.tenant+"/stream", nil)
	must(t, err)
	k.conn.SetReadLimit(16 << 20)
	hello := map[string]any{"type": "hello", "token": p.token, "view": view, "client": "tap/1"}
	if session != "" {
		hello["sessionId"] = session
	}
	text, err := json.Marshal(hello)
	must(t, err)
	must(t, k.conn.Write(life, websocket.MessageText, text))
	k.begin(func() ([]byte, error) {
		_, text, err := k.conn.Read(life)
		return text, err
	})
	return k
}

// openEvents follows a view over Server-Sent Events.
func openEvents(t *testing.T, p *person, view api.View) *tap {
	t.Helper()
	life, cut := context.WithCancel(context.Background())
	k := &tap{t: t, cut: cut, ended: make(chan struct{})}
	request, err := http.NewRequestWithContext(life, http.MethodGet, p.base+"tenants/"+p.tenant+"/stream?view="+string(view), nil)
	must(t, err)
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Authorization", "Token "+p.token)
	response, err := (&http.Client{}).Do(request)
	must(t, err)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("events are answered by %s", response.Status)
	}
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, 16<<20)
	k.begin(func() ([]byte, error) {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return []byte(text), nil
			}
		}
		return nil, errors.Join(lines.Err(), errors.New("the events have ended"))
	})
	return k
}

// begin reads until the end and waits for the first snapshot.
func (k *tap) begin(next func() ([]byte, error)) {
	k.t.Helper()
	go func() { // ends with the connection
		defer close(k.ended)
		for {
			if err := k.take(next); err != nil {
				k.mu.Lock()
				if status := websocket.CloseStatus(err); status > 0 {
					k.code = api.CloseCode(status)
				}
				k.mu.Unlock()
				return
			}
		}
	}()
	k.t.Cleanup(func() { k.cut(); <-k.ended })
	k.await("the snapshot", 20*time.Second, func(f tapped) bool { return f.Type == api.FrameTypeSnapshot })
}

func (k *tap) take(next func() ([]byte, error)) error {
	text, err := next()
	k.reading.Lock()
	defer k.reading.Unlock()
	if err != nil {
		return err
	}
	f := tapped{came: time.Now()}
	if err := json.Unmarshal(text, &f); err != nil {
		return fmt.Errorf("read %.200s: %w", text, err)
	}
	k.mu.Lock()
	k.frames = append(k.frames, f)
	if f.Type == api.FrameTypeClose {
		k.code = f.Code
	}
	answers := f.Type == api.FrameTypeBeat && k.conn != nil && !k.silent
	if answers {
		k.answered = time.Now()
	}
	k.mu.Unlock()
	if answers {
		return k.conn.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"type":"beat","n":%d}`, f.N))
	}
	return nil
}

// stall lets nothing happen on the client's side for a while.
func (k *tap) stall(d time.Duration) {
	k.reading.Lock()
	time.AfterFunc(d, k.reading.Unlock)
}

// hush lets the client answer no beats from now on, and says when it last did.
func (k *tap) hush(silent bool) time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.silent = silent
	return k.answered
}

func (k *tap) seen() []tapped {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.frames)
}

// await waits for a frame, one that has come already included.
func (k *tap) await(what string, patience time.Duration, is func(tapped) bool) (found tapped) {
	k.t.Helper()
	eventually(k.t, patience, what, func() bool {
		for _, f := range k.seen() {
			if is(f) {
				found = f
				return true
			}
		}
		return false
	})
	return found
}

// messages are those of all events, in their order.
func (k *tap) messages() (messages []tappedMessage) {
	for _, f := range k.seen() {
		for _, e := range f.Events {
			messages = append(messages, e.Message)
		}
	}
	return messages
}

// wantEnded expects that the server ends the connection with the code, and soon.
func (k *tap) wantEnded(code api.CloseCode, patience time.Duration) {
	k.t.Helper()
	select {
	case <-k.ended:
	case <-time.After(patience):
		k.t.Errorf("after %s the connection is still there", patience)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.code != code {
		k.t.Errorf("the connection ended with %d, want %d", k.code, code)
	}
}

// wantThere expects that the connection goes on.
func (k *tap) wantThere() {
	k.t.Helper()
	select {
	case <-k.ended:
		k.t.Errorf("the connection has ended with %d", k.code)
	default:
	}
}
