package simtest

import (
	"container/heap"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/directory"
)

// day plays what people do, in the order of its times, from one goroutine. Times
// are since its beginning.
type day struct {
	node   *node
	random *rand.Rand
	began  time.Time
	plans  plans
	people []*person
}

// plan is what somebody will do.
type plan struct {
	at time.Duration
	do func()
}

// step is how fine people's time is. It is coarse, so that much happens at the
// same moment.
const step = 500 * time.Millisecond

// at plans something.
func (d *day) at(at time.Duration, do func()) {
	heap.Push(&d.plans, plan{at.Truncate(step), do})
}

// after plans something between least and most from now.
func (d *day) after(least, most time.Duration, do func()) {
	d.at(d.now()+d.between(least, most), do)
}

func (d *day) between(least, most time.Duration) time.Duration {
	return least + time.Duration(d.random.Int64N(int64(most-least)+1))
}

func (d *day) chance(percent int) bool { return d.random.IntN(100) < percent }

func (d *day) now() time.Duration { return time.Since(d.began) }

// play does what is planned, and what that leads to, until the end.
func (d *day) play(end time.Duration) {
	for len(d.plans) > 0 && d.plans[0].at <= end {
		next := heap.Pop(&d.plans).(plan)
		time.Sleep(next.at - d.now())
		next.do()
	}
	time.Sleep(end - d.now())
	synctest.Wait()
}

// downtime is how long the server is away at a restart.
const downtime = 20 * time.Second

func (d *day) restart() {
	d.node.stop()
	time.Sleep(downtime)
	d.node.start()
}

type plans []plan

func (p plans) Len() int           { return len(p) }
func (p plans) Less(i, j int) bool { return p[i].at < p[j].at }
func (p plans) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *plans) Push(x any)        { *p = append(*p, x.(plan)) }
func (p *plans) Pop() any {
	last := (*p)[len(*p)-1]
	*p = (*p)[:len(*p)-1]
	return last
}

// seed is what the day's chances are drawn from: the variable SIMTEST_SEED, to
// play a day again, or else drawn itself.
func seed(t *testing.T) uint64 {
	t.Helper()
	given := os.Getenv("SIMTEST_SEED")
	if given == "" {
		return rand.Uint64()
	}
	seed, err := strconv.ParseUint(given, 10, 64)
	if err != nil {
		t.Fatalf("SIMTEST_SEED: %v", err)
	}
	return seed
}

func TestDay_OfAWholeFloorKeepsEveryPromise(t *testing.T) {
	t.Parallel()
	seed := seed(t)
	t.Logf("SIMTEST_SEED=%d plays this day again", seed)
	began := time.Now() // outside of the bubble: real time
	synctest.Test(t, func(t *testing.T) {
		d := &day{node: newNode(t, agents), random: rand.New(rand.NewPCG(seed, 0)), began: time.Now()}
		for i := range agents {
			d.hire(keyOf(i))
		}
		for _, hour := range []time.Duration{5, 11, 17} {
			d.at(hour*time.Hour, func() { d.restart() })
		}
		d.play(24 * time.Hour)
		d.check(t)
	})
	t.Logf("24 hours of %d agents took %s", agents, time.Since(began).Round(time.Millisecond))
}

// check holds every promise against the day that was.
func (d *day) check(t *testing.T) {
	log, err := d.node.store.Records(t.Context(), tenant, 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	last := checkOrder(t, log)
	checkIntervals(t, log)
	checkLiveness(t, log, d.heard(), directory.DefaultSettings().OfferableFor(), d.node.engine.Now())
	d.checkView(t, last)
	beats, died := 0, 0
	for _, p := range d.people {
		beats += len(p.heard)
		died += p.died
	}
	t.Logf("%d records, %d signs of life, %d browsers died", len(log), beats, died)
	if len(log) < 100*agents || died < agents/3 {
		t.Error("the day was too quiet to prove anything")
	}
}
