package streamtest_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/storetest"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// drawTruth draws lives of three agents, one among the other.
func drawTruth(r *rapid.T) streamtest.Truth {
	truth, recorder := newTruth(), storetest.NewRecorder()
	lives := make(map[presence.Key][]storetest.Step)
	for _, key := range []presence.Key{ann, ben, cat} {
		lives[key] = storetest.DrawLife(r, key.Agent, 20)
	}
	for len(lives) > 0 {
		key := rapid.SampledFrom([]presence.Key{ann, ben, cat}).Draw(r, "whose turn")
		life := lives[key]
		if len(life) == 0 {
			delete(lives, key)
			continue
		}
		lives[key] = life[1:]
		if change, ok := recorder.Record(key, life[0].Command(recorder.Agent(key)), life[0].Now); ok {
			truth.Changes = append(truth.Changes, change)
		}
	}
	return truth
}

// conversation is a right server that talks with a client as chance will have it.
type conversation struct {
	r      *rapid.T
	server server
	client *streamtest.Client
	ends   []store.Seq // numbers after which no change is under way, from 0
	reach  int         // how far the log has come, a place in ends
	epoch  string
	later  []string // epochs that are still to come
	at     store.Seq
	been   []streamtest.Cursor // of the client
}

func (c *conversation) send(frame string) {
	if verdict, err := c.client.Receive([]byte(frame)); err != nil || verdict != streamtest.GoOn {
		c.r.Fatalf("%.200s: %s, %v", frame, verdict, err)
	}
	c.been = append(c.been, c.client.Cursor())
}

func (c *conversation) here() streamtest.Cursor { return streamtest.Cursor{Epoch: c.epoch, Seq: c.at} }

func (c *conversation) chance(of int, what string) bool {
	return rapid.IntRange(1, of).Draw(c.r, what) == of
}

// connect ends the connection and makes another one, mostly honestly.
func (c *conversation) connect() {
	from := c.client.Cursor()
	switch rapid.IntRange(0, 9).Draw(c.r, "comes from") {
	case 1:
		from = streamtest.Cursor{}
	case 2:
		from.Epoch += "x"
	case 3:
		from.Seq += 1 << 40
	case 4, 5:
		from = rapid.SampledFrom(append(c.been, from)).Draw(c.r, "where it was")
	}
	c.client.ConnectFrom(from)
	if from.Epoch == c.epoch && from.Seq <= c.ends[c.reach] && !c.chance(4, "has forgotten") {
		c.send(welcome(from))
		c.at = from.Seq
		return
	}
	c.send(welcome(streamtest.Cursor{Epoch: c.epoch, Seq: c.ends[c.reach] + 1}))
	c.snapshot()
}

// snapshot sends one in parts; sometimes the connection breaks within.
func (c *conversation) snapshot() {
	c.at = c.ends[c.reach]
	rows := c.server.rows(c.epoch, c.at)
	for number := 1; ; number++ {
		if c.chance(8, "breaks") {
			c.connect()
			return
		}
		n := rapid.IntRange(0, len(rows)).Draw(c.r, "rows of the part")
		last := n == len(rows)
		c.send(part(c.here(), number, last, rows[:n]...))
		if rows = rows[n:]; last {
			return
		}
	}
}

// tell sends what has happened, cut into frames between changes.
func (c *conversation) tell() {
	for _, end := range c.ends[:c.reach+1] {
		if end <= c.at || end < c.ends[c.reach] && !c.chance(2, "ends a frame") {
			continue
		}
		if missed := c.server.events(c.epoch, c.at, end); len(missed) > 0 {
			c.send(events(missed...))
			c.at = missed[len(missed)-1].Seq
		}
		if c.at < end && c.chance(2, "mark") {
			c.at = end
			c.send(mark(c.here()))
		}
	}
}

// rename takes the floor into its next epoch.
func (c *conversation) rename() {
	former := c.epoch
	if len(c.later) == 0 {
		return
	}
	c.epoch, c.later = c.later[0], c.later[1:]
	if former == "log.1" {
		c.snapshot()
		return
	}
	c.tell() // from here to there no name is another
	c.at = c.ends[c.reach]
	c.send(mark(c.here()))
}

func TestGuarantees_HoldForARightServer(t *testing.T) {
	t.Parallel()
	for name, view := range map[string]streamtest.View{"self": annsOwn, "floor": wholeFloor, "group": salesFloor} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) { converse(r, view) })
		})
	}
}

func converse(r *rapid.T, view streamtest.View) {
	c := &conversation{
		r: r, server: server{drawTruth(r), view}, client: streamtest.NewClient(view),
		ends: []store.Seq{0}, epoch: "log",
	}
	if view.Floor {
		c.epoch, c.later = "log.1", []string{"log.2", "log.3"}
	}
	for _, change := range c.server.truth.Changes {
		c.ends = append(c.ends, change.Records[len(change.Records)-1].Seq)
	}
	c.connect()
	for done := false; !done; {
		done = c.reach == len(c.ends)-1
		c.reach = rapid.IntRange(c.reach, min(c.reach+4, len(c.ends)-1)).Draw(r, "how far")
		switch rapid.IntRange(0, 7).Draw(r, "then") {
		case 0, 1:
			c.connect()
		case 2:
			c.rename()
		case 3:
			c.snapshot()
		default:
			c.tell()
		}
	}
	c.tell()
	if err := streamtest.Check(c.server.truth, c.client.Seen()); err != nil {
		r.Fatal(err)
	}
	if err := streamtest.Converged(c.server.truth, c.client); err != nil {
		r.Fatal(err)
	}
	if err := streamtest.CaughtUp(c.server.truth, c.client); err != nil {
		r.Fatal(err)
	}
}
