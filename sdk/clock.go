package sdk

import (
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
)

// clock is the server's time as far as the client knows: the local clock and an offset. A server's moment was read somewhere
// between sending and receiving; the middle is off by half the round trip at most. So the shortest trip knows best.
type clock struct {
	mu     sync.Mutex // guards the fields below
	known  bool
	offset time.Duration // what the server's clock is ahead
	trip   time.Duration // of the sample that the offset is from
	at     time.Time     // when it was taken
}

// sampleLife is how long a good sample outdoes a newer one: clocks drift.
const sampleLife = 10 * time.Minute

func (c *clock) sample(server api.Time, sent, received time.Time) {
	if server == 0 || received.Before(sent) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	trip := received.Sub(sent)
	if c.known && trip > c.trip && received.Sub(c.at) < sampleLife {
		return
	}
	middle := sent.Add(trip / 2)
	c.known, c.offset, c.trip, c.at = true, server.Time().Sub(middle.Round(0)), trip, received
}

func (c *clock) now() time.Time { return time.Now().Add(c.ahead()).Round(0).UTC() }

func (c *clock) ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset
}
