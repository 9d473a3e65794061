package simtest

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	blipAgents = 20
	blipDay    = 8 * time.Hour
)

// Twins work the same day, one over a connection that never fails, the other over
// one that stalls, breaks and comes back, on a server that is stopped for a while:
// nothing that is shorter than the time until the system acts is in history.
func TestBlips_LeaveNoTraceInHistory(t *testing.T) {
	t.Parallel()
	var quiet, troubled []store.Interval
	synctest.Test(t, func(t *testing.T) { quiet = workday(t, false) })
	synctest.Test(t, func(t *testing.T) { troubled = workday(t, true) })
	if len(quiet) < 10*blipAgents {
		t.Fatalf("the day has only %d intervals", len(quiet))
	}
	if diff := cmp.Diff(quiet, troubled); diff != "" {
		t.Errorf("quiet (-) and troubled (+) differ:\n%s", diff)
	}
}

// workday is what history tells of a day.
func workday(t *testing.T, trouble bool) []store.Interval {
	n := &restarted{node: newNode(t, blipAgents)}
	began := time.Now()
	ended := make(chan struct{})
	for i := range blipAgents {
		go func() {
			work(n, i, trouble)
			ended <- struct{}{}
		}()
	}
	if trouble {
		// Both twins' servers exist at the same times of their requests: this one is
		// away between them.
		for range 6 {
			time.Sleep(time.Hour + time.Second)
			n.stop()
			time.Sleep(20 * time.Second)
			n.again()
		}
	}
	for range blipAgents {
		<-ended
	}
	if took := time.Since(began); took < blipDay {
		t.Fatalf("the day was over after %s", took)
	}
	n.stop()
	log, err := n.store.Records(t.Context(), tenant, 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	checkIntervals(t, log)
	return intervalsOf(log)
}

// restarted is a node whose engine changes while others use it.
type restarted struct {
	*node
	mu sync.Mutex // guards the node's engine
}

func (r *restarted) current() *engine.Engine {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.engine
}

func (r *restarted) again() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.start()
}

// work is an agent's day: a change on every whole minute that is due, so that both
// twins' are at the same times, and a socket in between.
func work(n *restarted, number int, trouble bool) {
	key, habits := keyOf(number), rand.New(rand.NewPCG(7, uint64(number)))
	luck := rand.New(rand.NewPCG(11, uint64(number)))
	by := presence.Actor{Cause: presence.ByAgent, ID: key.Agent}
	session := must(n.current().Do(n.t.Context(), engine.Request{Key: key, Command: presence.StartSession{By: by}})).Agent.Session.ID
	d := &desk{node: n, key: key, session: session, luck: luck, trouble: trouble}
	for end := time.Now().Add(blipDay); time.Now().Before(end); {
		// Never in the first minutes of an hour, when the server may be away.
		next := time.Now().Truncate(time.Minute).Add(time.Duration(1+habits.IntN(20)) * time.Minute)
		if next.Minute() < 5 {
			next = next.Add(5 * time.Minute)
		}
		d.hold(next)
		var command presence.Command = presence.GoReady{By: by, HasExtension: true}
		switch habits.IntN(3) {
		case 0:
			command = presence.GoNotReady{By: by}
		case 1:
			command = presence.SetDirection{By: by, Direction: presence.Directions()[habits.IntN(3)]}
		}
		must(n.current().Do(n.t.Context(), engine.Request{Key: key, Command: command}))
	}
	d.close()
}

func must(answer engine.Answer, err error) engine.Answer {
	if err != nil {
		panic(err)
	}
	return answer
}

// desk is an agent's client between its requests.
type desk struct {
	node    *restarted
	key     presence.Key
	session presence.SessionID
	luck    *rand.Rand
	trouble bool
	engine  *engine.Engine // that the socket belongs to
	socket  *engine.Socket
	beat    uint64
	heard   bool // since the last trouble
}

// hold answers beats until a time. Trouble lasts up to 50 s: the system acts after
// 60 s of silence.
func (d *desk) hold(until time.Time) {
	for time.Now().Before(until) {
		if d.socket == nil || d.engine != d.node.current() {
			d.open()
		}
		if d.trouble && d.heard && d.luck.IntN(15) == 0 {
			d.heard = false // not twice without a sign of life between
			if d.luck.IntN(2) == 0 {
				d.close() // cut; a stall leaves it open
			}
			time.Sleep(min(time.Duration(d.luck.IntN(50_000))*time.Millisecond, time.Until(until)))
			continue
		}
		if d.socket != nil {
			d.beat++
			d.socket.Asked(d.beat)
			d.heard = d.socket.Answered(d.node.t.Context(), d.beat) == nil // the server may be away
		}
		time.Sleep(min(4*time.Second, time.Until(until)))
	}
}

func (d *desk) open() {
	d.engine, d.beat = d.node.current(), 0
	d.socket, _ = d.engine.OpenSocket(d.node.t.Context(), d.key, d.session, engine.SocketInfo{}) // none while the server is away
}

func (d *desk) close() {
	if d.socket != nil {
		d.socket.Close(presence.ClosedByNetwork)
		d.socket = nil
	}
}

// intervalsOf is what history makes of a log, agent by agent, without the sessions'
// random ids.
func intervalsOf(log []store.Record) []store.Interval {
	var all []store.Interval
	for number := range blipAgents {
		var open *store.Interval
		for _, r := range log {
			if r.Key != keyOf(number) {
				continue
			}
			var closed []store.Interval
			closed, open = history.Fold(open, r)
			all = append(all, closed...)
		}
		if open != nil {
			all = append(all, *open)
		}
	}
	for i := range all {
		all[i].Session = presence.SessionID{}
	}
	return all
}
