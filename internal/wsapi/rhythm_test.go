package wsapi

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// beating changes North's delay, and what must be longer with it.
func (w *world) beating(delay time.Duration) {
	w.t.Helper()
	w.change(func(s *directory.Settings) {
		s.BeatDelay, s.NotReadyAfter, s.EndAfter = delay, 3*delay, time.Hour
	})
}

// longestPause plays a client that answers for a while and returns the longest time
// in which it heard nothing.
func (c *client) longestPause(d time.Duration) (longest time.Duration) {
	c.t.Helper()
	heard := time.Now()
	for until := heard.Add(d); time.Now().Before(until); {
		f := c.next()
		longest = max(longest, time.Since(heard))
		heard = time.Now()
		switch {
		case f.Type == api.FrameTypeBeat:
			c.answer(f.N)
		case f.close != 0:
			c.t.Fatalf("closed with %d", f.close)
		}
	}
	return longest
}

// A client that hears nothing for 2.5 times what it was told gives the connection
// up, so a longer delay is for those who are told of it.
func TestBeats_ARaisedDelayIsForWhoeverIsToldOfIt(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.settled(agent, "self", `"sessionId":"`+w.login(agent)+`"`)
		before := w.agent(agent).Version
		w.beating(30 * time.Second)
		if longest := c.longestPause(5 * time.Minute); longest > 4*time.Second {
			t.Errorf("a client that was told 4s heard nothing for %s", longest)
		}
		if after := w.agent(agent); after.Version != before || after.Session.Connection != presence.Live {
			t.Errorf("it is %+v", after)
		}
		again := w.upgraded()
		again.hello(w.token(colleague, 0), "self")
		if got := again.nextOf(api.FrameTypeWelcome); got.BeatMs != 30_000 {
			t.Errorf("a later client is told %d ms", got.BeatMs)
		}
		first := again.nextOf(api.FrameTypeBeat)
		began := time.Now()
		again.answer(first.N)
		if again.nextOf(api.FrameTypeBeat); time.Since(began) != 30*time.Second {
			t.Errorf("and asked after %s", time.Since(began))
		}
	})
}

// The timer of the beat that is due next still runs for the longer delay.
func TestBeats_AShortenedDelayMakesNobodySilentWhoIsThere(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.beating(10 * time.Second)
		c := w.settled(agent, "self", `"sessionId":"`+w.login(agent)+`"`)
		c.answer(c.nextOf(api.FrameTypeBeat).N)
		w.beating(time.Second)
		time.Sleep(4 * time.Second)
		// Whatever is decided of an agent is followed by a look at its silence.
		by := presence.Actor{Cause: presence.BySupervisor, ID: keyOf(supervisor).Agent, Name: "Sam"}
		before := w.do(agent, presence.SetDirection{By: by, Direction: presence.Outbound}).Version
		beats := c.obey(time.Minute)
		if after := w.agent(agent); after.Version != before || after.Session.Connection != presence.Live {
			t.Fatalf("it is %+v", after)
		}
		if beats < 50 {
			t.Errorf("%d beats came in a minute", beats)
		}
		time.Sleep(3400 * time.Millisecond) // the last was answered at most a second ago
		synctest.Wait()
		if after := w.agent(agent); after.Session.Connection != presence.Silent {
			t.Errorf("once it answers no more it is %+v", after)
		}
	})
}

func TestEvents_ARaisedDelayIsForWhoeverIsToldOfIt(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.events(agent, "")
		c.eventOf(api.FrameTypeBeat)
		w.beating(30 * time.Second)
		for range 20 {
			heard := time.Now()
			if c.eventOf(api.FrameTypeBeat); time.Since(heard) > 4*time.Second {
				t.Fatalf("a client that was told 4s heard nothing for %s", time.Since(heard))
			}
		}
		w.beating(time.Second)
		c.eventOf(api.FrameTypeBeat) // was due before
		heard := time.Now()
		if c.eventOf(api.FrameTypeBeat); time.Since(heard) != time.Second {
			t.Errorf("after the shorter delay the next comes after %s", time.Since(heard))
		}
	})
}

// A tenant that is patient with its clients must not lose them to the edge.
func TestBeats_UnansweredEndNoSocketBeforeItsClientCountsAsSilentForLong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		delay, now time.Duration
		grace      float64
		silent     time.Duration
		closed     time.Duration
	}{
		"a patient tenant":              {4 * time.Second, 4 * time.Second, 10, 40 * time.Second, 80 * time.Second},
		"a slow and patient one":        {30 * time.Second, 30 * time.Second, 4, 2 * time.Minute, 4 * time.Minute},
		"one whose delay was shortened": {10 * time.Second, time.Second, 5, 50 * time.Second, 100 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				w.change(func(s *directory.Settings) {
					s.BeatDelay, s.BeatGrace, s.NotReadyAfter, s.EndAfter = c.delay, c.grace, 10*time.Minute, 20*time.Minute
				})
				client := w.settled(agent, "self", `"sessionId":"`+w.login(agent)+`"`)
				client.answer(client.nextOf(api.FrameTypeBeat).N)
				w.change(func(s *directory.Settings) { s.BeatDelay = c.now })
				began := time.Now()
				time.Sleep(c.silent - time.Millisecond)
				synctest.Wait()
				if got := w.agent(agent).Session.Connection; got != presence.Live {
					t.Errorf("after %s it is %s", c.silent-time.Millisecond, got)
				}
				time.Sleep(c.silent / 2)
				synctest.Wait()
				if got := w.agent(agent).Session.Connection; got != presence.Silent {
					t.Errorf("after %s it is %s", time.Since(began), got)
				}
				client.wantClose(api.CloseSilent)
				if waited := time.Since(began); waited < c.closed || waited > c.closed+2*c.delay {
					t.Errorf("closed after %s, want about %s", waited, c.closed)
				}
			})
		})
	}
}
