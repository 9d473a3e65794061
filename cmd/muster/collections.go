package main

import (
	"context"
	"os"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
	"time"
)

const (
	// leastGarbage is how far the heap grows before it is collected while nothing
	// happens, in percent of what is live. Most of the heap are agents who do
	// nothing: they cost little to look at, and as much garbage again beside them
	// would be most of the memory.
	leastGarbage = 50
	// mostGarbage bounds what a busy server leaves lying about, in bytes.
	mostGarbage = 128 << 20
	// collectionsApart is how far apart collections are while much happens, as far
	// as mostGarbage allows. A collection takes both processors for some 15 ms;
	// three a second would be what the 99th percentile of changes is made of.
	collectionsApart = 5 * time.Second
	// growth is how much more must live than before for it to be growing. What
	// comes to stay is not to be spread among garbage: the pages in between could
	// never be given back.
	growth = 1.1
	// settleTime is for how long it is taken to be growing then: how much lives is
	// known from each collection only.
	settleTime = 10 * time.Second
	// lookAgain is how often it is decided anew.
	lookAgain = time.Second
	// calmDown is what a second without work leaves of the garbage that was counted
	// on, so that a pause does not start a collection.
	calmDown = 0.75
)

// collections decides how seldom garbage is collected: the more is allocated, the
// more may gather, so that collections stay apart; of the memory of a server that
// is calm, or that agents come to, little is garbage.
type collections struct {
	garbage   float64       // that is counted on between two collections, in bytes
	allocated uint64        // since the process began, at the last look, in bytes
	live      uint64        // at the last look, in bytes
	settling  time.Duration // for which what comes is still taken to stay
	busy      bool
}

// next takes what the heap is, and returns the percentage of the live heap that
// may gather as garbage, as in GOGC; and whether it has just become calm.
func (c *collections) next(allocated, live uint64, since time.Duration) (percent int, calm bool) {
	garbage := float64(allocated-c.allocated) / since.Seconds() * collectionsApart.Seconds()
	c.garbage = max(min(garbage, mostGarbage), c.garbage*calmDown)
	if float64(live) > float64(c.live)*growth {
		c.settling = settleTime
	}
	c.allocated, c.live = allocated, live
	percent = max(int(100*c.garbage/float64(max(live, 1<<20))), leastGarbage)
	was := c.busy
	c.busy = percent > leastGarbage
	if c.settling > 0 {
		c.settling -= since
		percent = leastGarbage
	}
	return percent, was && !c.busy
}

// paceCollections sets the garbage collector's pace until ctx ends, unless the
// variable GOGC says what it is.
func paceCollections(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		return nil
	}
	was := debug.SetGCPercent(leastGarbage)
	defer debug.SetGCPercent(was)
	heap := []runtimemetrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}}
	runtimemetrics.Read(heap)
	pace := collections{allocated: heap[0].Value.Uint64()}
	set := leastGarbage
	ticker := time.NewTicker(lookAgain)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		runtimemetrics.Read(heap)
		percent, calm := pace.next(heap[0].Value.Uint64(), heap[1].Value.Uint64(), lookAgain)
		// Setting it stops the world for a moment, so it is not done for a little.
		if percent == leastGarbage && set != percent || percent > set*5/4 || percent < set*3/4 {
			debug.SetGCPercent(percent)
			set = percent
		}
		if calm {
			debug.FreeOSMemory() // the next collection may be minutes away, and the memory somebody else's meanwhile
		}
	}
}
