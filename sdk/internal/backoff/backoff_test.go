package backoff_test

import (
	"math"
	"testing"
	"time"

	"github.com/muster-presence/muster/sdk/internal/backoff"
)

func TestDelay_IsSpreadOverATimeThatDoublesUpToTheMost(t *testing.T) {
	t.Parallel()
	b := backoff.Backoff{First: 500 * time.Millisecond, Most: 8 * time.Second}
	for attempt, longest := range map[int]time.Duration{
		-1: 500 * time.Millisecond, 0: 500 * time.Millisecond, 1: time.Second, 3: 4 * time.Second, 4: 8 * time.Second,
		5: 8 * time.Second, 62: 8 * time.Second, 63: 8 * time.Second, 64: 8 * time.Second, math.MaxInt: 8 * time.Second,
	} {
		shortestSeen, longestSeen := longest, time.Duration(0)
		for range 1000 {
			d := b.Delay(attempt)
			shortestSeen, longestSeen = min(shortestSeen, d), max(longestSeen, d)
		}
		if shortestSeen < 0 || longestSeen > longest {
			t.Errorf("attempt %d: %v to %v, want 0 to %v", attempt, shortestSeen, longestSeen, longest)
		}
		if shortestSeen > longest/10 || longestSeen < longest*9/10 {
			t.Errorf("attempt %d: only %v to %v of 0 to %v", attempt, shortestSeen, longestSeen, longest)
		}
	}
}

func TestDelay_OfTheZeroBackoffIsNone(t *testing.T) {
	t.Parallel()
	if d := (backoff.Backoff{}).Delay(7); d != 0 {
		t.Errorf("%v", d)
	}
}
