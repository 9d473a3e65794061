package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/muster-presence/muster/api"
)

// witness reads an agent's own view on a line of its own, which has no weather, and keeps all that happens: what was committed, in
// its order. That the stream tells it truly is proved in cmd/muster; here it is held against what the test itself had acknowledged.
// It speaks for no session.
type witness struct {
	base, token, tenant string
	life                context.Context

	mu       sync.Mutex // guards the fields below
	cursor   string
	messages []message
	failed   error
}

// message is a message of the own view.
type message struct {
	Type         api.MessageType `json:"type"`
	ResourceID   string          `json:"resourceId"`
	SessionID    string          `json:"sessionId"`
	State        string          `json:"state"`
	EndCode      api.EndCode     `json:"endCode"`
	Direction    api.Direction   `json:"direction"`
	SupervisorID string          `json:"supervisorId"`
	text         json.RawMessage
}

// newWitness returns when the witness sees.
func newWitness(t *testing.T, base string, p *person) *witness {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &witness{base: base, token: p.token, tenant: p.tenant, life: ctx}
	sees := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() { w.run(sync.OnceFunc(func() { close(sees) })) })
	t.Cleanup(func() { cancel(); watching.Wait() })
	select {
	case <-sees:
	case <-time.After(20 * time.Second):
		t.Fatalf("the witness sees nothing: %v", w.failed)
	}
	return w
}

// run reconnects from its cursor for as long as it lives: the server may be started anew.
func (w *witness) run(sees func()) {
	for w.life.Err() == nil {
		_ = w.follow(sees)
		select {
		case <-time.After(50 * time.Millisecond):
		case <-w.life.Done():
		}
	}
}

func (w *witness) follow(sees func()) error {
	ctx, cancel := context.WithCancel(w.life)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, w.base+"tenants/"+w.tenant+"/stream", nil)
	if err != nil {
		return err
	}
	defer conn.CloseNow()
	conn.SetReadLimit(16 << 20)
	hello := map[string]any{"type": "hello", "token": w.token, "view": "self", "client": "witness"}
	if w.cursor != "" {
		hello["cursor"] = w.cursor
	}
	for answer := any(hello); ; {
		if answer != nil {
			text, err := json.Marshal(answer)
			if err != nil {
				return err
			}
			if err := conn.Write(ctx, websocket.MessageText, text); err != nil {
				return err
			}
		}
		_, text, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		if answer, err = w.take(text, sees); err != nil {
			return err
		}
	}
}

// take takes a frame and returns what to say.
func (w *witness) take(text []byte, sees func()) (answer any, err error) {
	var f struct {
		Type   string
		N      int64
		Cursor string
		Last   bool
		Events []api.StreamEvent
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch f.Type {
	case "beat":
		return map[string]any{"type": "beat", "n": f.N}, nil
	case "snapshot":
		if w.cursor != "" {
			w.failed = fmt.Errorf("the witness was shown a snapshot and missed something after %s", w.cursor)
		}
		w.cursor = f.Cursor
		sees()
	case "mark":
		w.cursor = f.Cursor
	case "events":
		for _, e := range f.Events {
			if err := w.note(e); err != nil {
				w.failed = err
			}
		}
	}
	return nil, nil
}

func (w *witness) note(e api.StreamEvent) error {
	colon := strings.LastIndexByte(w.cursor, ':')
	at, err := strconv.ParseInt(w.cursor[colon+1:], 10, 64)
	switch {
	case err != nil:
		return err
	case e.Seq <= at:
		return nil
	case e.Prev > at:
		return fmt.Errorf("the witness missed what is before %d", e.Seq)
	}
	var m message
	if err := json.Unmarshal(e.Message, &m); err != nil {
		return err
	}
	m.text = e.Message
	w.messages = append(w.messages, m)
	w.cursor = w.cursor[:colon+1] + strconv.FormatInt(e.Seq, 10)
	return nil
}

// seen is what has happened in a session, "" for all of them.
func (w *witness) seen(session string) ([]message, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.messages), func(m message) bool { return session != "" && m.SessionID != session }), w.failed
}

// await waits until what is asked for has been seen.
func (w *witness) await(t *testing.T, what string, done func([]message) bool) {
	t.Helper()
	eventually(t, 20*time.Second, what, func() bool {
		seen, err := w.seen("")
		must(t, err)
		return done(seen)
	})
}

// eventually waits for something that a real server or client does in its own time.
func eventually(t *testing.T, patience time.Duration, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !done(); {
		if time.Now().After(end) {
			t.Fatalf("within %s it did not come to this: %s", patience, what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}
