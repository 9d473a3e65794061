package engine

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestClock_LeavesOutTheTimeInWhichTheProcessDidNotRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock{began: time.Now()}
		time.Sleep(stallLimit)
		expectClock(t, &c, stallLimit)
		time.Sleep(time.Hour) // nobody looks: as if the process were stopped
		expectClock(t, &c, stallLimit)
		time.Sleep(time.Second)
		expectClock(t, &c, stallLimit+time.Second)
	})
}

func TestClock_CountsIdleTimeWhileItIsWatched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock{began: time.Now()}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.watch(ctx) }()
		time.Sleep(time.Hour)
		expectClock(t, &c, time.Hour)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func expectClock(t *testing.T, c *clock, want time.Duration) {
	t.Helper()
	if got := c.now(); got != want {
		t.Errorf("the clock shows %s, want %s", got, want)
	}
}
