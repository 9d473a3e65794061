package wsapi

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// visitor is a client that follows a view as docs/protocol.md says, and to which
// things happen.
type visitor struct {
	hamlet *hamlet
	name   string
	person presence.AgentID
	events bool // over Server-Sent Events
	// speaks is whose session answers on sockets are signs of life of; nil: nobody's.
	speaks func() presence.SessionID
	// whim is what happens next, and when.
	whim   func() (whim, time.Duration)
	chance *rand.Rand

	client *streamtest.Client
	honest bool // on this connection, about where it is
	been   []streamtest.Cursor
	wrong  []error
}

// whim is what happens to a client that is connected.
type whim struct {
	name string
	// stall: it stays connected and reads nothing; otherwise it is cut.
	stall bool
	lasts time.Duration
}

func (h *hamlet) newVisitor(name string, person presence.AgentID, view streamtest.View, events bool, chance *rand.Rand) *visitor {
	return &visitor{hamlet: h, name: name, person: person, events: events, chance: chance, client: streamtest.NewClient(view)}
}

// stay connects again and again until it is over.
func (v *visitor) stay() {
	for !isClosed(v.hamlet.over) {
		if up := v.hamlet.running(); up != nil {
			v.follow(up)
		}
		v.pause(time.Duration(v.chance.Int64N(int64(500 * time.Millisecond))))
	}
}

// pause waits; an end of all whims ends it.
func (v *visitor) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-v.hamlet.over:
	case <-v.waken(d):
	}
}

// waken is a channel that ends a long pause when it gets calm.
func (v *visitor) waken(d time.Duration) <-chan struct{} {
	if d > time.Second {
		return v.hamlet.calm
	}
	return nil
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// choose is the cursor that the client comes with: its own, and sometimes any other.
func (v *visitor) choose() streamtest.Cursor {
	own := v.client.Cursor()
	v.honest = true
	if own.IsZero() || isClosed(v.hamlet.calm) {
		return own
	}
	v.been = append(v.been, own)
	other, what := own, ""
	switch v.chance.IntN(8) {
	case 0:
		other, what = v.been[v.chance.IntN(len(v.been))], "an old cursor"
	case 1:
		other.Epoch, what = "00000000-0000-4000-8000-000000000000", "a cursor of another epoch"
	case 2:
		other.Seq, what = other.Seq+1<<20, "a cursor from the future"
	case 3:
		other, what = streamtest.Cursor{}, "no cursor"
	}
	if what != "" && other != own {
		v.honest = false
		v.hamlet.count(what)
	}
	return other
}

// follow is one connection.
func (v *visitor) follow(up *serving) {
	conn, err := up.dialHome([]int{200, 2 << 10, inFlight}[v.chance.IntN(3)])
	if err != nil {
		return
	}
	defer conn.Close()
	from := v.choose()
	v.client.ConnectFrom(from)
	l, err := v.open(up, conn, from)
	if err == nil {
		err = v.read(l)
	}
	switch code := codeOf(err); {
	case code >= 4200 && code < 4300, code >= 400 && code < 500:
		v.complain(fmt.Errorf("it is told to stop: %w", err))
	case code != 0:
		v.hamlet.count(fmt.Sprint("told ", int(code)))
	}
}

func (v *visitor) open(up *serving, conn *memoryConn, from streamtest.Cursor) (line, error) {
	user, err := v.hamlet.kept.User(v.hamlet.t.Context(), v.person)
	if err != nil {
		return nil, err
	}
	token, _, err := up.tokens.Issue(user, 0)
	if err != nil {
		return nil, err
	}
	view, group := "self", v.client.Seen().View.Group
	if v.client.Seen().View.Floor {
		view = "floor"
	}
	if v.events {
		var headers []string
		if !from.IsZero() {
			headers = append(headers, "Last-Event-ID: "+from.String())
		}
		return openEventsLine(conn, eventsRequest(north, "?view="+view+"&group="+group, token, headers...))
	}
	more := []string{fmt.Sprintf(`"cursor":%q`, from), fmt.Sprintf(`"group":%q`, group)}
	if v.speaks != nil && !v.speaks().IsZero() {
		more = append(more, fmt.Sprintf(`"sessionId":%q`, v.speaks()))
	}
	return openSocketLine(conn, helloOf(token, view, more...))
}

// read takes frames until the line ends, by itself or by a whim.
func (v *visitor) read(l line) error {
	patience := 30 * time.Second // for the welcome
	next, due := v.whim()
	at := time.Now().Add(due)
	for {
		text, id, err := l.next(patience)
		if err != nil {
			return err
		}
		if verdict, err := v.take(text, id); err != nil || verdict > streamtest.Answer {
			v.complain(err)
			return err
		} else if verdict == streamtest.Answer {
			if err := l.answer(v.client.Answer()); err != nil {
				return err
			}
		}
		patience = 10 * time.Second // two and a half beats
		if isClosed(v.hamlet.calm) || time.Now().Before(at) {
			continue
		}
		v.hamlet.count(next.name)
		if !next.stall {
			l.cut()
			v.pause(next.lasts)
			return nil
		}
		v.pause(next.lasts)
		next, due = v.whim()
		at = time.Now().Add(due)
	}
}

// take hands a frame to the client, and looks whether the line says of it what is so.
func (v *visitor) take(text []byte, id string) (streamtest.Verdict, error) {
	before := v.client.Cursor()
	verdict, err := v.client.Receive(text)
	if err != nil {
		return verdict, err
	}
	if bytes.Contains(text, []byte(`"type":"close"`)) {
		v.hamlet.count("an end by events")
	}
	if is := v.client.Cursor(); v.events && v.honest && (id != "" || is != before) && id != is.String() {
		return verdict, fmt.Errorf("after %.100s the client is at %s, the event's id says %q", text, is, id)
	}
	return verdict, nil
}

func (v *visitor) complain(err error) {
	if err != nil && len(v.wrong) < 5 {
		v.wrong = append(v.wrong, err)
	}
}

// judge holds what the client saw against the log.
func (v *visitor) judge(t *testing.T) {
	t.Helper()
	seen := v.client.Seen()
	truth := v.hamlet.truth(seen.View)
	err := errors.Join(errors.Join(v.wrong...), streamtest.Check(truth, seen), streamtest.Converged(truth, v.client), streamtest.CaughtUp(truth, v.client))
	if err != nil {
		t.Errorf("%s, at the end at %s after %d connections: %.2000v", v.name, v.client.Cursor(), len(seen.Connections), err)
	}
}
