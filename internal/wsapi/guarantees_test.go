package wsapi

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

const (
	// steady agents' clients are in trouble for less than the time after which the
	// system acts; those of sleepers for anything up to more than an hour.
	steady   = 6
	sleepers = 4
	watchers = 10
	// longestTrouble and what lies between two signs of life stay below the minute
	// after which the system makes an agent not ready.
	longestTrouble = 40 * time.Second
	hamletDay      = 3 * time.Hour
)

// Clients over sockets and Server-Sent Events vanish, stall, sleep an hour and come
// back with any cursor, and servers are killed, stopped and started, for hours. What
// each client saw is held against the log; and of agents who were never away for
// long, history tells the same as of their twins whom nothing happened to.
func TestGuarantees_HoldForWhoeverSleepsAndComesBackOverEitherTransport(t *testing.T) {
	t.Parallel()
	var quiet []store.Interval
	synctest.Test(t, func(t *testing.T) {
		h := dayOf(t, 0, false)
		quiet = h.intervals(steady)
		if n := h.doubts(steady); n != 0 {
			t.Errorf("whom nothing happens to was doubted %d times", n)
		}
	})
	if len(quiet) < 10*steady {
		t.Fatalf("the day has only %d intervals", len(quiet))
	}
	synctest.Test(t, func(t *testing.T) {
		h := dayOf(t, rand.Uint64(), true)
		if diff := cmp.Diff(quiet, h.intervals(steady)); diff != "" {
			t.Errorf("quiet (-) and troubled (+) differ:\n%s", diff)
		}
		h.expectTrouble()
	})
}

// expectTrouble: a day on which something did not happen proves nothing about it.
func (h *hamlet) expectTrouble() {
	h.t.Helper()
	for what, least := range map[string]int{
		"a cut": 20, "a stall": 10, "an hour away": 10, "an hour's stall": 3,
		"an old cursor": 5, "a cursor of another epoch": 5, "a cursor from the future": 5, "no cursor": 5,
		"sse floor 4001": 1, "socket self 4002": 5, "socket floor 4002": 1,
		"told 4000": 2, "an end by events": 1, "sse self 1006": 5, "sse floor 1006": 5,
	} {
		if n := h.happened(what); n < least {
			h.t.Errorf("%s happened %d times only", what, n)
		}
	}
}

// dayOf plays a day and judges what was seen.
func dayOf(t *testing.T, seed uint64, trouble bool) *hamlet {
	t.Logf("what happens is drawn with the seed %d", seed)
	h := newHamlet(t, steady+sleepers)
	var working, following sync.WaitGroup
	var visitors []*visitor
	visit := func(name string, person presence.AgentID, view streamtest.View, events bool) *visitor {
		v := h.newVisitor(name, person, view, events, rand.New(rand.NewPCG(seed, uint64(100+len(visitors)))))
		v.whim = v.free
		visitors = append(visitors, v)
		return v
	}
	for n := range steady + sleepers {
		// What steady agents do is the same in every day.
		w := &worker{hamlet: h, key: keyOf(nthUser(n).String()), habits: rand.New(rand.NewPCG(7, uint64(n))), luck: rand.New(rand.NewPCG(seed, uint64(200+n)))}
		events := n%3 == 2
		v := visit(fmt.Sprint("agent ", n), nthUser(n), streamtest.View{Agent: nthUser(n)}, events)
		v.speaks = w.sessionID
		if err := w.start(); err != nil {
			t.Fatal(err)
		}
		switch {
		case n >= steady:
			v.whim = func() (whim, time.Duration) { return w.sleep(v.chance) }
			working.Go(w.nap)
		case trouble:
			v.whim = v.short
			working.Go(w.workTheDay)
		default:
			v.whim = never
			working.Go(w.workTheDay)
		}
		if events {
			luck := rand.New(rand.NewPCG(seed, uint64(300+n)))
			following.Go(func() { w.beat(trouble, luck) })
		}
	}
	for n := range watchers {
		if !trouble {
			break
		}
		group := []string{"", "Sales"}[n/2%2]
		visit(fmt.Sprintf("watcher %d of %q", n, group), keyOf(supervisor).Agent, streamtest.View{Floor: true, Group: group}, n%2 == 1)
	}
	for _, v := range visitors {
		following.Go(v.stay)
	}
	h.hours(trouble)
	close(h.calm)
	working.Wait()
	time.Sleep(3 * time.Minute) // all come back, and a mark of every view
	synctest.Wait()
	for _, v := range visitors {
		v.judge(t)
	}
	close(h.over)
	h.running().cut()
	following.Wait()
	h.stop()
	return h
}

// hours lets the day pass. Servers are away in the first minutes of an hour only,
// when nobody asks for anything.
func (h *hamlet) hours(trouble bool) {
	end := time.Now().Add(hamletDay + 10*time.Minute)
	for hour := 1; trouble && hour <= int(hamletDay/time.Hour); hour++ {
		time.Sleep(29 * time.Minute)
		h.rename(hour, fmt.Sprint("Renamed ", hour))
		time.Sleep(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour + time.Second)))
		h.kill()
		time.Sleep(20 * time.Second)
		h.start()
		time.Sleep(time.Minute)
		h.stop()
		time.Sleep(10 * time.Second)
		h.start()
	}
	time.Sleep(time.Until(end))
}

// worker is what an agent does.
type worker struct {
	hamlet       *hamlet
	key          presence.Key
	habits, luck *rand.Rand
	session      atomic.Pointer[presence.SessionID]
	awayUntil    atomic.Pointer[time.Time]
}

func (w *worker) sessionID() presence.SessionID {
	if id := w.session.Load(); id != nil {
		return *id
	}
	return presence.SessionID{}
}

func (w *worker) do(command presence.Command) error {
	up := w.hamlet.running()
	if up == nil {
		return engine.ErrStopped
	}
	answer, err := up.engine.Do(context.Background(), engine.Request{Key: w.key, Command: command})
	if err == nil && answer.Agent.Session != nil {
		w.session.Store(&answer.Agent.Session.ID)
	}
	return err
}

func (w *worker) command() presence.Command {
	by := self(w.key.Agent.String())
	switch w.habits.IntN(3) {
	case 0:
		return presence.GoNotReady{By: by}
	case 1:
		return presence.SetDirection{By: by, Direction: presence.Directions()[w.habits.IntN(3)]}
	}
	return presence.GoReady{By: by, HasExtension: true}
}

func (w *worker) start() error {
	return w.do(presence.StartSession{By: self(w.key.Agent.String()), WorkLimit: 1, Random: engine.NewSessionRandom()})
}

// workTheDay is a steady agent's day: a change on every whole minute that is due, so
// that all twins' are at the same times, and never when the server may be away.
func (w *worker) workTheDay() {
	var err error
	for end := time.Now().Add(hamletDay); err == nil && time.Now().Before(end); {
		next := time.Now().Truncate(time.Minute).Add(time.Duration(1+w.habits.IntN(15)) * time.Minute)
		if next.Minute() < 5 {
			next = next.Add(5 * time.Minute)
		}
		time.Sleep(time.Until(next))
		err = w.do(w.command())
	}
	if err != nil {
		w.hamlet.t.Errorf("%s cannot work: %v", w.key.Agent, err)
	}
}

// beat is the sign of life of a client without a socket.
func (w *worker) beat(trouble bool, luck *rand.Rand) {
	for !isClosed(w.hamlet.over) {
		pause := 15 * time.Second
		if up := w.hamlet.running(); up != nil {
			_, err := up.engine.Heartbeat(context.Background(), w.key, w.sessionID())
			if away := w.awayUntil.Load(); away != nil {
				pause = max(pause, time.Until(*away))
			}
			if err == nil && trouble && luck.IntN(10) == 0 {
				pause = longestTrouble
			}
		}
		select {
		case <-time.After(pause):
		case <-w.hamlet.over:
		}
	}
}

// nap is a sleeper's day: an hour at work, an hour away, whatever becomes of the
// session meanwhile.
func (w *worker) nap() {
	for !isClosed(w.hamlet.calm) {
		_ = w.start() // or the one that lives on
		for end := time.Now().Add(time.Duration(10+w.luck.IntN(50)) * time.Minute); time.Now().Before(end) && !isClosed(w.hamlet.calm); {
			_ = w.do(w.command()) // refusals are welcome
			time.Sleep(time.Duration(5+w.luck.IntN(120)) * time.Second)
		}
		back := time.Now().Add(time.Duration(10+w.luck.IntN(60)) * time.Minute)
		w.awayUntil.Store(&back)
		select {
		case <-time.After(time.Until(back)):
		case <-w.hamlet.calm:
		}
	}
}

// sleep is the whim of a sleeper's client, which is away when its agent is.
func (w *worker) sleep(chance *rand.Rand) (whim, time.Duration) {
	due := time.Duration(1+chance.IntN(5)) * time.Minute
	if back := w.awayUntil.Load(); back != nil && time.Until(*back) > 0 {
		return whim{"an hour away", chance.IntN(2) == 0, time.Until(*back)}, time.Duration(chance.IntN(20)) * time.Second
	}
	return whim{"a cut", false, time.Duration(chance.IntN(5000)) * time.Millisecond}, due
}

// never is the whim of whoever nothing happens to.
func never() (whim, time.Duration) { return whim{}, 100 * hamletDay }

// short is the whim of a client that the system is not to act on.
func (v *visitor) short() (whim, time.Duration) {
	due := 30*time.Second + time.Duration(v.chance.Int64N(int64(6*time.Minute)))
	lasts := time.Duration(v.chance.Int64N(int64(longestTrouble)))
	if v.chance.IntN(2) == 0 {
		return whim{"a stall", true, lasts}, due
	}
	return whim{"a cut", false, lasts}, due
}

// free is the whim of a client that may do anything.
func (v *visitor) free() (whim, time.Duration) {
	due := time.Duration(v.chance.Int64N(int64(10 * time.Minute)))
	switch v.chance.IntN(6) {
	case 0:
		return whim{"an hour away", false, time.Hour}, due
	case 1:
		return whim{"an hour's stall", true, time.Hour}, due
	case 2:
		return whim{"a stall", true, time.Duration(v.chance.Int64N(int64(time.Minute)))}, due
	}
	return whim{"a cut", false, time.Duration(v.chance.Int64N(int64(5 * time.Second)))}, due
}
