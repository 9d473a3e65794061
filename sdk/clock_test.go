package sdk

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

func TestClock_IsOffByHalfTheRoundTripAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const ahead = 90 * time.Second
		for _, c := range []struct {
			there, back, off time.Duration
		}{{10, 10, 0}, {10, 30, -10}, {0, 40, -20}, {40, 0, 20}} {
			var known clock
			sent := time.Now()
			time.Sleep(c.there * time.Millisecond)
			server := api.TimeOf(time.Now().Add(ahead))
			time.Sleep(c.back * time.Millisecond)
			known.sample(server, sent, time.Now())
			if off := known.ahead() - ahead; off != c.off*time.Millisecond {
				t.Errorf("%d ms there and %d ms back: off by %s", c.there, c.back, off)
			}
			if now := known.now(); now.Location() != time.UTC || now.Sub(time.Now().Add(known.ahead())).Abs() > time.Millisecond {
				t.Errorf("it is %s", now)
			}
		}
	})
}

func TestClock_BelievesTheShortestTripUntilItIsOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var known clock
		sample := func(ahead, trip time.Duration) time.Duration {
			sent := time.Now()
			time.Sleep(trip)
			known.sample(api.TimeOf(sent.Add(trip/2+ahead)), sent, time.Now())
			return known.ahead()
		}
		if ahead := sample(time.Second, 100*time.Millisecond); ahead != time.Second {
			t.Errorf("the first sample: %s", ahead)
		}
		if ahead := sample(2*time.Second, 20*time.Millisecond); ahead != 2*time.Second {
			t.Errorf("a shorter trip: %s", ahead)
		}
		if ahead := sample(3*time.Second, 50*time.Millisecond); ahead != 2*time.Second {
			t.Errorf("a longer trip: %s", ahead)
		}
		if ahead := sample(4*time.Second, 20*time.Millisecond); ahead != 4*time.Second {
			t.Errorf("a trip of the same length, which is newer: %s", ahead)
		}
		time.Sleep(sampleLife)
		if ahead := sample(5*time.Second, 80*time.Millisecond); ahead != 5*time.Second {
			t.Errorf("a longer trip, when the short one is old: %s", ahead)
		}
	})
}

func TestClock_PassesOverWhatIsNoSample(t *testing.T) {
	t.Parallel()
	var known clock
	now := time.Now()
	known.sample(0, now, now)
	known.sample(api.TimeOf(now.Add(time.Hour)), now, now.Add(-time.Second))
	if known.ahead() != 0 {
		t.Errorf("ahead by %s", known.ahead())
	}
}
