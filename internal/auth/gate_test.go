package auth

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

func TestGate_LetsAFewInMakesAFewWaitAndTurnsTheOthersAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2, 3)
		var entered atomic.Int32
		for range 5 {
			go func() {
				if err := g.enter(t.Context()); err != nil {
					t.Error(err)
				}
				entered.Add(1)
			}()
			synctest.Wait()
		}
		if entered.Load() != 2 {
			t.Fatalf("%d are inside, want 2", entered.Load())
		}
		if err := g.enter(t.Context()); !errors.Is(err, ErrBusy) {
			t.Fatalf("the one too many got %v, want ErrBusy", err)
		}
		g.leave()
		synctest.Wait()
		if entered.Load() != 3 {
			t.Fatalf("after one left, %d have entered, want 3", entered.Load())
		}
		g.leave()
		g.leave()
		synctest.Wait()
		g.leave()
		g.leave()
	})
}

func TestGate_ForgetsWhoGaveUpWaiting(t *testing.T) {
	t.Parallel()
	g := newGate(1, 1)
	if err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if err := g.enter(gone); !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v, want the context's", err)
		}
	}
	g.leave()
	if err := g.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
}
