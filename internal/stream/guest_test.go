package stream_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// guest watches a view, in its own way.
type guest struct {
	village *village
	view    stream.View
	chance  *rand.Rand
	client  *streamtest.Client
	been    []streamtest.Cursor
	wrong   []error
}

func newGuest(v *village, view stream.View, chance *rand.Rand) *guest {
	return &guest{village: v, view: view, chance: chance, client: streamtest.NewClient(streamtest.View(view))}
}

func (g *guest) calm() bool {
	select {
	case <-g.village.calm:
		return true
	default:
		return false
	}
}

// stay connects again and again until it is over.
func (g *guest) stay() {
	for {
		select {
		case <-g.village.over:
			return
		case <-time.After(time.Duration(g.chance.IntN(10)) * 200 * time.Millisecond):
		}
		if up := g.village.running(); up != nil {
			g.connect(up)
		}
	}
}

// choose is the cursor that the guest comes with: its own, and sometimes any
// other.
func (g *guest) choose() streamtest.Cursor {
	from := g.client.Cursor()
	if from.IsZero() || g.calm() {
		return from
	}
	g.been = append(g.been, from)
	switch g.chance.IntN(12) {
	case 0:
		return streamtest.Cursor{}
	case 1:
		return g.been[g.chance.IntN(len(g.been))]
	case 2:
		from.Seq += store.Seq(100_000 + g.chance.IntN(1000)) // beyond all that will happen
	case 3:
		from.Epoch = "00000000-0000-4000-8000-000000000000"
	case 4:
		from.Epoch += "x"
	}
	return from
}

func (g *guest) connect(up *servers) {
	from := g.choose()
	honest := from == g.client.Cursor()
	g.client.ConnectFrom(from)
	wake := make(chan struct{}, 1)
	sub, err := up.streams[g.chance.IntN(2)].Subscribe(context.Background(), tenant, g.view, stream.Cursor(from), func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	})
	if err != nil {
		g.note(err)
		return
	}
	defer sub.Close()
	welcome := fmt.Sprintf(`{"type":"welcome","cursor":%q,"beatMs":4000,"timestamp":"2026-03-02T09:00:00.000Z"}`, sub.Welcome())
	if g.take([]byte(welcome)) {
		g.read(up, sub, wake, honest)
	}
}

// read takes frames until the connection ends, by a whim or with the server.
func (g *guest) read(up *servers, sub *stream.Subscription, wake <-chan struct{}, honest bool) {
	pace := []time.Duration{0, 0, 20 * time.Millisecond, time.Second, 20 * time.Second}[g.chance.IntN(5)]
	whim := time.After(time.Duration(g.chance.IntN(150)) * 200 * time.Millisecond)
	calm := g.village.calm
	beats := time.NewTicker(4 * time.Second)
	defer beats.Stop()
	for beat := uint64(1); ; {
		text, cursor, err := sub.Next(context.Background(), nil)
		if err != nil {
			g.note(err)
			return
		}
		if len(text) > 0 {
			if !g.take(text) {
				return
			}
			if is := g.client.Cursor(); honest && !cursor.IsZero() && streamtest.Cursor(cursor) != is {
				g.note(fmt.Errorf("after %.100s the client is at %s, Next says %s", text, is, cursor))
			}
		}
		next := wake
		var pause <-chan time.Time
		if len(text) > 0 {
			next, pause = nil, time.After(pace)
		}
		select {
		case <-next:
		case <-pause:
		case <-beats.C:
			sub.Beat(beat)
			beat++
		case <-whim:
			if !g.calm() {
				return
			}
		case <-calm:
			calm, pace = nil, 0
		case <-up.down:
			return
		case <-g.village.over:
			return
		}
	}
}

// note keeps what must not happen.
func (g *guest) note(err error) {
	if err != nil && !errors.Is(err, store.ErrUnavailable) {
		g.wrong = append(g.wrong, err)
	}
}

// take reports whether the client goes on after a frame.
func (g *guest) take(text []byte) bool {
	verdict, err := g.client.Receive(text)
	g.note(err)
	return verdict == streamtest.GoOn || verdict == streamtest.Answer
}

// judge holds what the guest saw against the log.
func (g *guest) judge(t *testing.T, n int, changes []store.Change) {
	t.Helper()
	head, err := g.village.log.Head(context.Background(), tenant)
	if err != nil {
		t.Fatal(err)
	}
	truth := streamtest.Truth{
		Tenant: tenant, Changes: changes, Floors: make(map[string][]store.FloorRow),
		Epoch: partOf(head.Epoch.String(), g.view.Agent.String()),
	}
	newest := truth.Epoch
	if g.view.Floor {
		newest = partOf(fmt.Sprintf("%s.%d", head.Epoch, slices.Max(slices.Collect(maps.Keys(g.village.floors)))), g.view.Group)
	}
	if is := g.client.Cursor().Epoch; is != newest {
		t.Errorf("guest %d of %+v ends in epoch %s, want %s", n, g.view, is, newest)
	}
	for revision, rows := range g.village.floors {
		truth.Floors[partOf(fmt.Sprintf("%s.%d", head.Epoch, revision), g.view.Group)] = rows
	}
	err = errors.Join(errors.Join(g.wrong...), streamtest.Check(truth, g.client.Seen()), streamtest.Converged(truth, g.client), streamtest.CaughtUp(truth, g.client))
	if err != nil {
		t.Errorf("guest %d of %+v, at the end at %s: %.2000v", n, g.view, g.client.Cursor(), err)
	}
}

// partOf is the epoch of one view's cursors.
func partOf(epoch, part string) string {
	return fmt.Sprintf("%s.%08x", epoch, crc32.ChecksumIEEE([]byte(part)))
}
