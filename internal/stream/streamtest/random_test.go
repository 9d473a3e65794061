package streamtest_test

import (
	"encoding/json"
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
	t      *testing.T
	server server
	client *streamtest.Client
	ends   []store.Seq // of changes, and 0: where the log may have been cut
	been   []streamtest.Cursor
	epochs []string
	epoch  string // what the server is in
	reach  int    // how far its log has come, as a place in ends
	at     store.Seq
}

func (c *conversation) hold() {
	c.t.Helper()
	if err := streamtest.Check(c.server.truth, c.client.Seen()); err != nil {
		c.r.Fatal(err)
	}
	if c.client.Cursor().IsZero() {
		return
	}
	if err := streamtest.Converged(c.server.truth, c.client); err != nil {
		c.r.Fatal(err)
	}
}

func (c *conversation) send(frame string) {
	if verdict, err := c.client.Receive([]byte(frame)); err != nil || verdict != streamtest.GoOn {
		c.r.Fatalf("%.200s: %s, %v", frame, verdict, err)
	}
}

// goOn lets the log come further.
func (c *conversation) goOn() {
	c.reach = rapid.IntRange(c.reach, min(c.reach+5, len(c.ends)-1)).Draw(c.r, "reach")
}

func (c *conversation) connect() {
	from := c.client.Connect()
	switch rapid.IntRange(0, 9).Draw(c.r, "comes from") {
	case 0:
		from = streamtest.Cursor{}
	case 1:
		from.Epoch += "x"
	case 2:
		from.Seq += 1 << 40
	case 3, 4:
		if len(c.been) > 0 {
			from = rapid.SampledFrom(c.been).Draw(c.r, "where it was")
		}
	}
	if from != c.client.Cursor() {
		c.client = again(c.client, from)
	}
	here := c.ends[c.reach]
	if from.Epoch == c.epoch && from.Seq <= here && rapid.Bool().Draw(c.r, "resumes") {
		c.send(welcome(from))
		c.at = from.Seq
		return
	}
	c.send(welcome(streamtest.Cursor{Epoch: c.epoch, Seq: here + 1}))
	c.snapshot()
}

// snapshot sends one in parts.
func (c *conversation) snapshot() {
	c.at = c.ends[c.reach]
	cursor := streamtest.Cursor{Epoch: c.epoch, Seq: c.at}
	rows := c.server.rows(c.epoch, c.at)
	for number := 1; ; number++ {
		n := rapid.IntRange(0, len(rows)).Draw(c.r, "rows of the part")
		c.send(part(cursor, number, n == len(rows), rows[:n]...))
		if rows = rows[n:]; len(rows) == 0 && n > 0 {
			return
		}
		if number > 3 {
			c.connect() // cut off
			return
		}
	}
}

// tell sends what has happened, cut into frames between changes.
func (c *conversation) tell() {
	for _, end := range c.ends[:c.reach+1] {
		if end <= c.at || end < c.ends[c.reach] && rapid.Bool().Draw(c.r, "same frame") {
			continue
		}
		if missed := c.server.events(c.epoch, c.at, end); len(missed) > 0 {
			missed[0].Prev -= store.Seq(rapid.IntRange(0, 0).Draw(c.r, "earlier"))
			c.send(events(missed...))
			c.at = missed[len(missed)-1].Seq
		}
		if c.at < end && rapid.Bool().Draw(c.r, "mark") {
			c.at = end
			c.send(mark(streamtest.Cursor{Epoch: c.epoch, Seq: end}))
		}
	}
}

// rename moves the floor to its next epoch.
func (c *conversation) rename() {
	if len(c.epochs) == 0 {
		return
	}
	former := c.epoch
	c.epoch, c.epochs = c.epochs[0], c.epochs[1:]
	if former == "log.2" { // nothing of the rows is another
		c.tell()
		c.at = c.ends[c.reach]
		c.send(mark(streamtest.Cursor{Epoch: c.epoch, Seq: c.at}))
		return
	}
	c.snapshot()
}
