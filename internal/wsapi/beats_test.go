package wsapi

import (
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func TestBeats_ComeAsOftenAsTheTenantWants(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.settled(agent, "self")
		began := time.Now()
		first := c.nextOf(api.FrameTypeBeat)
		if waited := time.Since(began); first.N != 1 || waited > 4*time.Second {
			t.Errorf("beat %d comes after %s", first.N, waited)
		}
		for n := uint64(2); n < 5; n++ {
			c.answer(n - 1)
			before := time.Now()
			if got := c.nextOf(api.FrameTypeBeat); got.N != n || time.Since(before) != 4*time.Second {
				t.Errorf("beat %d comes after %s", got.N, time.Since(before))
			}
		}
		w.change(func(s *directory.Settings) { s.BeatDelay = time.Second })
		c.nextOf(api.FrameTypeBeat) // was due before
		before := time.Now()
		if c.nextOf(api.FrameTypeBeat); time.Since(before) != time.Second {
			t.Errorf("after the change the next comes after %s", time.Since(before))
		}
	})
}

func TestBeats_OfManyClientsAreSpread(t *testing.T) {
	t.Parallel()
	seen := make(map[time.Duration]bool)
	for range 100 {
		d := firstBeat(4 * time.Second)
		if d < 0 || d >= 4*time.Second {
			t.Fatalf("the first beat comes after %s", d)
		}
		seen[d/time.Second] = true
	}
	if len(seen) != 4 {
		t.Errorf("first beats come in %d of four seconds", len(seen))
	}
}

func TestBeats_SayInAFloorWhatTheRowsAddUpTo(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		if got := w.settled(supervisor, "floor").nextOf(api.FrameTypeBeat); got.Seq == nil || got.Sum == nil {
			t.Errorf("got %+v", got)
		}
		if got := w.settled(agent, "self").nextOf(api.FrameTypeBeat); got.Seq != nil || got.Sum != nil {
			t.Errorf("got %+v", got)
		}
	})
}

// Without a heartbeat by request, answers alone keep a session live; and only
// answers to what was asked do.
func TestBeats_AnsweredAreSignsOfLife(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		session := w.login(agent)
		c := w.settled(agent, "self", `"sessionId":"`+session+`"`)
		if beats := c.obey(time.Minute); beats < 14 {
			t.Errorf("%d beats came in a minute", beats)
		}
		if got := w.agent(agent).Session.Connection; got != presence.Live {
			t.Errorf("whoever answers is %s", got)
		}
		for range 12 { // an old answer, again and again, proves nothing
			time.Sleep(time.Second)
			c.answer(1)
		}
		if got := w.agent(agent).Session.Connection; got != presence.Silent {
			t.Errorf("whoever repeats an old answer is %s", got)
		}
		c.wantOpen()
	})
}

func TestBeats_OfASocketWithoutSessionAreNoSignsOfLife(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.login(agent)
		c := w.settled(agent, "self")
		c.obey(30 * time.Second)
		if got := w.agent(agent).Session.Connection; got != presence.Silent {
			t.Errorf("the connection is %s", got)
		}
	})
}

func TestBeats_UnansweredEndTheSocket(t *testing.T) {
	t.Parallel()
	for delay, want := range map[time.Duration]time.Duration{
		time.Second:      20 * time.Second,
		4 * time.Second:  20 * time.Second,
		10 * time.Second: 50 * time.Second,
	} {
		t.Run(delay.String(), func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				w.change(func(s *directory.Settings) {
					s.BeatDelay, s.NotReadyAfter, s.EndAfter = delay, 10*time.Minute, 20*time.Minute
				})
				c := w.settled(agent, "self")
				c.nextOf(api.FrameTypeBeat)
				began := time.Now()
				c.wantClose(api.CloseSilent)
				if waited := time.Since(began); waited != want {
					t.Errorf("closed after %s, want %s", waited, want)
				}
			})
		})
	}
}

func TestBeats_AreTakenInAnyWayToWriteThem(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.settled(agent, "self")
		c.nextOf(api.FrameTypeBeat)
		c.send(text(`{ "n": 1, "type": "beat", "more": [] }`))
		c.send(text(`{"type":"beat","n":1}`)) // repeated
		c.wantOpen()
	})
}

func TestBeats_CountOncePerNumber(t *testing.T) {
	t.Parallel()
	var b beats
	for range 3 {
		b.ask(0)
	}
	for _, c := range []struct {
		n         uint64
		fresh, ok bool
	}{{4, false, false}, {0, false, false}, {2, true, true}, {2, false, true}, {1, false, true}, {3, true, true}} {
		if fresh, ok := b.answer(c.n, 0); fresh != c.fresh || ok != c.ok {
			t.Errorf("answer %d: fresh %t, ok %t, want %t, %t", c.n, fresh, ok, c.fresh, c.ok)
		}
	}
}

func TestWake_MakesWhoeverWritesLookOnceMore(t *testing.T) {
	t.Parallel()
	var k socket
	k.turn.Store(running)
	k.wake()
	k.wake()
	if got := k.turn.Load(); got != again {
		t.Errorf("the turn is %d, want %d", got, again)
	}
}
