package sdk

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
)

func TestTurn_IsTakenInTheOrderOfAsking(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var turns turn
		mustTake(t, &turns)
		var order []int
		var waiting sync.WaitGroup
		for i := range 20 {
			waiting.Go(func() {
				mustTake(t, &turns)
				order = append(order, i)
				turns.give()
			})
			synctest.Wait()
		}
		if len(order) > 0 {
			t.Errorf("%v take a turn that is taken", order)
		}
		turns.give()
		waiting.Wait()
		if len(order) != 20 || !slices.IsSorted(order) {
			t.Errorf("the order is %v", order)
		}
		mustTake(t, &turns) // it is free again
	})
}

func TestTurn_PassesOverWhoNoLongerWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var turns turn
		mustTake(t, &turns)
		var order []int
		var waiting sync.WaitGroup
		leave := make([]context.CancelFunc, 6)
		for i := range leave {
			ctx, cancel := context.WithCancel(t.Context())
			leave[i] = cancel
			waiting.Go(func() {
				if err := turns.take(ctx); err != nil {
					if !errors.Is(err, context.Canceled) {
						t.Error(err)
					}
					return
				}
				order = append(order, i)
				turns.give()
			})
			synctest.Wait()
		}
		for _, i := range []int{0, 2, 5} {
			leave[i]()
		}
		synctest.Wait()
		turns.give()
		waiting.Wait()
		if !slices.Equal(order, []int{1, 3, 4}) {
			t.Errorf("the order is %v", order)
		}
		mustTake(t, &turns)
	})
}

// The turn may come in the moment in which somebody stops waiting for it. Then it goes on to the next.
func TestTurn_IsNeverLost(t *testing.T) {
	t.Parallel()
	var turns turn
	var waiting sync.WaitGroup
	for range 500 {
		mustTake(t, &turns)
		ctx, cancel := context.WithCancel(t.Context())
		for range 3 {
			waiting.Go(func() {
				if turns.take(ctx) == nil {
					turns.give()
				}
			})
		}
		waiting.Go(cancel)
		turns.give()
		waiting.Wait()
	}
	mustTake(t, &turns)
}

func mustTake(t *testing.T, turns *turn) {
	t.Helper()
	if err := turns.take(t.Context()); err != nil {
		t.Error(err)
	}
}
