package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// line is a connection that a client follows a view on.
type line interface {
	// next is the next frame, valid until the next call.
	next() ([]byte, error)
	write(text []byte) error
	cut()
}

func dialSocket(address, path, hello string) (line, error) {
	s, err := dialBench(address, path, "127.0.0.1")
	if err != nil {
		return nil, err
	}
	return s, s.write([]byte(hello))
}

// eventsLine is a line by Server-Sent Events.
type eventsLine struct {
	body io.Closer
	from *bufio.Reader
	end  context.CancelFunc
	id   string // with the newest frame; empty where it moves no cursor
}

// refusedError is what a request for events was answered instead.
type refusedError int

func (e refusedError) Error() string { return fmt.Sprint("refused with status ", int(e)) }

func dialEvents(address, token, cursor string) (line, error) {
	ctx, end := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		end()
		return nil, err
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Authorization", "Token "+token)
	if cursor != "" {
		request.Header.Set("Last-Event-ID", cursor)
	}
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	if err == nil && response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		err = refusedError(response.StatusCode)
	}
	if err != nil {
		end()
		return nil, err
	}
	return &eventsLine{body: response.Body, from: bufio.NewReader(response.Body), end: end}, nil
}

func (l *eventsLine) next() (text []byte, err error) {
	for l.id = ""; ; {
		read, err := l.from.ReadString('\n')
		if err != nil {
			return nil, err
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(read, "\n"), ": ")
		switch name {
		case "id":
			l.id = value
		case "data":
			text = []byte(value)
		case "":
			return text, nil
		default:
			return nil, fmt.Errorf("unexpected line %q", read)
		}
	}
}

func (l *eventsLine) write([]byte) error { return nil } // beats need no answer

func (l *eventsLine) cut() {
	l.end()
	_ = l.body.Close()
}

// life is what happens to a client.
type life int

const (
	wild     life = iota // cuts, stalls and any cursor
	troubled             // cuts and stalls of less than the time in which the system acts
	quiet                // nothing
)

// follower follows a view through whatever happens.
type follower struct {
	client       *streamtest.Client
	life         life
	dial         func(cursor string) (line, error)
	failed       error
	been         []streamtest.Cursor // where the client was when it connected
	honest       bool                // on this connection, about where it is
	cuts, stalls int
	answered     int // beats

	mu   sync.Mutex // guards line
	line line
}

// run connects again and again until it is over.
func (f *follower) run(calm, over *atomic.Bool) {
	for !over.Load() {
		cursor := f.choose(calm.Load())
		l, err := f.dial(cursor)
		var refused refusedError
		if errors.As(err, &refused) && refused >= 400 && refused < 500 {
			f.failed = err
		}
		if err != nil {
			time.Sleep(50 * time.Millisecond) // the server is away
			continue
		}
		f.use(l)
		f.read(l, calm)
		l.cut()
	}
}

// choose is the cursor for the hello: the client's own, and sometimes any other.
func (f *follower) choose(calm bool) string {
	own := f.client.Cursor()
	other := own
	if !own.IsZero() {
		f.been = append(f.been, own)
	}
	f.honest = true
	switch n := rand.IntN(10); {
	case calm || own.IsZero() || f.life == quiet || n > 3:
		return f.client.Connect().String()
	case n == 0:
		other = f.been[rand.IntN(len(f.been))]
	case n == 1:
		other.Seq += 1 << 30
	case n == 2:
		other.Epoch = "00000000-0000-4000-8000-000000000000"
	default:
		other = streamtest.Cursor{}
	}
	f.honest = other == own
	f.client.ConnectFrom(other)
	return other.String()
}

// read takes frames until the connection ends, by itself or by a whim.
func (f *follower) read(l line, calm *atomic.Bool) {
	whim := time.Now().Add(rand.N(1500 * time.Millisecond))
	answered := f.answered
	if f.life == troubled && !calm.Load() && f.cuts <= f.stalls {
		f.cuts++
		defer time.AfterFunc(time.Second+rand.N(time.Second), l.cut).Stop()
	}
	for {
		text, err := l.next()
		if err != nil || !f.take(l, text) {
			return
		}
		switch {
		case calm.Load() || f.life == quiet:
			continue
		case f.life == troubled:
			if f.answered > answered && f.stalls < f.cuts {
				f.stalls++
				time.Sleep(4 * time.Second) // the limit is 9.6 s
			}
			continue
		case time.Now().Before(whim):
			continue
		}
		if rand.IntN(6) > 0 {
			f.cuts++
			return
		}
		f.stalls++
		time.Sleep(5 * time.Second)
		whim = time.Now().Add(time.Second)
	}
}

// take reports whether the client goes on after a frame.
func (f *follower) take(l line, text []byte) bool {
	before := f.client.Cursor()
	verdict, err := f.client.Receive(text)
	if err != nil {
		f.failed = err
	}
	if e, ok := l.(*eventsLine); ok && f.honest {
		if is := f.client.Cursor(); (e.id != "" || is != before) && e.id != is.String() {
			f.failed = fmt.Errorf("after %.100s the client is at %s, the event's id says %q", text, is, e.id)
		}
	}
	if verdict == streamtest.Answer {
		f.answered++
		return l.write(f.client.Answer()) == nil
	}
	return verdict == streamtest.GoOn
}

func (f *follower) use(l line) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.line = l
}

func (f *follower) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.line != nil {
		f.line.cut()
	}
}

// judge holds what the client saw against the log.
func (f *follower) judge(t *testing.T, log committed) {
	t.Helper()
	seen := f.client.Seen()
	truth := log.truth(seen.View)
	if f.life == troubled && (f.cuts == 0 || f.stalls == 0) {
		t.Errorf("the troubled client was cut %d times and stalled %d times", f.cuts, f.stalls)
	}
	if f.life != quiet && len(seen.Connections) < 3 {
		t.Errorf("%+v has only %d connections", seen.View, len(seen.Connections))
	}
	err := errors.Join(f.failed, streamtest.Check(truth, seen), streamtest.Converged(truth, f.client), streamtest.CaughtUp(truth, f.client))
	if err != nil {
		t.Errorf("%+v, after %d connections: %.2000v", seen.View, len(seen.Connections), err)
	}
}
