package auth

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestSlowing_DoublesTheWaitUpToHalfAMinute(t *testing.T) {
	t.Parallel()
	c, s := newSlowingAt()
	from := newOrigin("agent", home)
	for failure, seconds := range []time.Duration{1, 2, 4, 8, 16, 30, 30, 30} {
		fail(t, s, from)
		c.advance(seconds*time.Second - time.Millisecond)
		wantSlowed(t, s, from, time.Millisecond)
		c.advance(time.Millisecond)
		if t.Failed() {
			t.Fatalf("after failure %d", failure+1)
		}
	}
	pass(t, s, from)
}

func TestSlowing_NeverOverflowsHoweverOftenSomebodyFails(t *testing.T) {
	t.Parallel()
	for _, count := range []int{6, 64, 1000, 1_000_000} {
		if got := waitAfter(count); got != longestWait {
			t.Errorf("wait %s after %d failures, want %s", got, count, longestWait)
		}
	}
}

func TestSlowing_ASuccessClears(t *testing.T) {
	t.Parallel()
	c, s := newSlowingAt()
	from := newOrigin("agent", home)
	fail(t, s, from)
	c.advance(time.Second)
	fail(t, s, from)
	c.advance(2 * time.Second)
	pass(t, s, from)
	fail(t, s, from)
	wantSlowed(t, s, from, time.Second)
}

func TestSlowing_ConcernsTheAccountAndAddressTogetherOnly(t *testing.T) {
	t.Parallel()
	_, s := newSlowingAt()
	fail(t, s, newOrigin("agent", home))
	pass(t, s, newOrigin("agent", abroad))
	pass(t, s, newOrigin("supervisor", home))
	wantSlowed(t, s, newOrigin("agent", home), time.Second)
}

func TestSlowing_FadesAfterAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	c, s := newSlowingAt()
	from := newOrigin("agent", home)
	for range 6 {
		fail(t, s, from)
		c.advance(30 * time.Second)
	}
	c.advance(15 * time.Minute)
	fail(t, s, from)
	wantSlowed(t, s, from, time.Second)
}

func TestSlowing_AnUndecidedAttemptCountsForNothing(t *testing.T) {
	t.Parallel()
	_, s := newSlowingAt()
	from := newOrigin("agent", home)
	begin(t, s, from)
	s.end(from, undecided)
	pass(t, s, from)
}

func TestSlowing_KeepsNoMoreThanItsLimitAndDropsTheOldest(t *testing.T) {
	t.Parallel()
	_, s := newSlowingAt()
	numbered := func(n int) origin { return newOrigin(fmt.Sprint("agent", n), home) }
	for n := range failuresKept + 1 {
		fail(t, s, numbered(n))
	}
	if len(s.failed) != failuresKept || s.order.Len() != failuresKept {
		t.Errorf("%d and %d entries, want %d", len(s.failed), s.order.Len(), failuresKept)
	}
	wantSlowed(t, s, numbered(1), time.Second)
	wantSlowed(t, s, numbered(failuresKept), time.Second)
	pass(t, s, numbered(0))
	if len(s.running) != 0 {
		t.Errorf("%d attempts are still under way", len(s.running))
	}
}

func TestSlowing_GuessingInParallelIsOneGuess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, s := newSlowingAt()
		from := newOrigin("agent", home)
		begin(t, s, from)
		var slowed atomic.Int32
		for range attemptsWaiting {
			go func() {
				var refusal *Slowed
				if errors.As(s.begin(t.Context(), from), &refusal) {
					slowed.Add(1)
				}
			}()
			synctest.Wait()
		}
		if slowed.Load() != 0 {
			t.Fatalf("%d attempts were answered while the first was under way", slowed.Load())
		}
		s.end(from, denied)
		synctest.Wait()
		if slowed.Load() != attemptsWaiting {
			t.Errorf("%d of %d attempts were slowed after the first had failed", slowed.Load(), attemptsWaiting)
		}
	})
}

func TestSlowing_LogInsAtOnceWithTheRightPasswordAllSucceed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, s := newSlowingAt()
		from := newOrigin("agent", home)
		atOnce, most, passed := 0, 0, 0
		for range attemptsWaiting {
			go func() {
				begin(t, s, from)
				atOnce++
				most = max(most, atOnce)
				time.Sleep(time.Millisecond) // in a bubble: lets the others come
				atOnce--
				passed++
				s.end(from, succeeded)
			}()
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if most != 1 || passed != attemptsWaiting {
			t.Errorf("%d passed, %d at once; want %d, one at a time", passed, most, attemptsWaiting)
		}
	})
}

func TestSlowing_TurnsAwayWhoWouldWaitBehindTooMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, s := newSlowingAt()
		from := newOrigin("agent", home)
		begin(t, s, from)
		waiting, cancel := context.WithCancel(t.Context())
		for range attemptsWaiting {
			go func() {
				if err := s.begin(waiting, from); !errors.Is(err, context.Canceled) {
					t.Errorf("error %v, want the context's", err)
				}
			}()
		}
		synctest.Wait()
		if err := s.begin(t.Context(), from); !errors.Is(err, ErrBusy) {
			t.Errorf("error %v, want ErrBusy", err)
		}
		cancel()
		synctest.Wait()
		go begin(t, s, from) // there is room to wait again
		synctest.Wait()
		s.end(from, undecided)
		synctest.Wait()
		s.end(from, undecided)
	})
}

func newSlowingAt() (*clock, *slowing) {
	c := newClock()
	return c, newSlowing(c.now)
}

func begin(t *testing.T, s *slowing, from origin) {
	t.Helper()
	if err := s.begin(t.Context(), from); err != nil {
		t.Error(err)
	}
}

func fail(t *testing.T, s *slowing, from origin) {
	t.Helper()
	begin(t, s, from)
	s.end(from, denied)
}

func pass(t *testing.T, s *slowing, from origin) {
	t.Helper()
	begin(t, s, from)
	s.end(from, succeeded)
}

func wantSlowed(t *testing.T, s *slowing, from origin, want time.Duration) {
	t.Helper()
	err := s.begin(t.Context(), from)
	var slowed *Slowed
	if !errors.As(err, &slowed) {
		t.Fatalf("error %v, want *Slowed", err)
	}
	if slowed.RetryAfter != want {
		t.Errorf("retry after %s, want %s", slowed.RetryAfter, want)
	}
}
