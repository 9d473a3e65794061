package main

import (
	"runtime/debug"
	"testing"
	"time"
)

const mebibyte = 1 << 20

func TestCollections_LeaveLittleGarbageWhileNothingHappens(t *testing.T) {
	t.Parallel()
	c := collections{live: 100 * mebibyte}
	if got, _ := c.next(1*mebibyte, 100*mebibyte, time.Second); got != leastGarbage {
		t.Errorf("%d %% of the live heap may gather as garbage, want %d %%", got, leastGarbage)
	}
}

func TestCollections_AreSecondsApartWhileMuchHappens(t *testing.T) {
	t.Parallel()
	c := collections{live: 20 * mebibyte}
	percent, _ := c.next(20*mebibyte, 20*mebibyte, time.Second)
	apart := time.Duration(percent) * time.Second / 100
	if apart != collectionsApart {
		t.Errorf("at 20 MiB a second beside 20 MiB that live a collection follows after %v, want %v", apart, collectionsApart)
	}
}

func TestCollections_BoundTheGarbageOfAnyRate(t *testing.T) {
	t.Parallel()
	c := collections{live: 64 * mebibyte}
	if got, _ := c.next(10<<30, 64*mebibyte, time.Second); got != 100*mostGarbage/(64*mebibyte) {
		t.Errorf("%d %% of 64 MiB may gather as garbage, want %d %%", got, 100*mostGarbage/(64*mebibyte))
	}
}

func TestCollections_StayApartOverASecondWithoutWork(t *testing.T) {
	t.Parallel()
	c := collections{live: 20 * mebibyte}
	busy, _ := c.next(30*mebibyte, 20*mebibyte, time.Second)
	if got, _ := c.next(30*mebibyte, 20*mebibyte, time.Second); got <= leastGarbage || got >= busy {
		t.Errorf("after a second without work %d %% may gather, want less than %d %% and more than %d %%", got, busy, leastGarbage)
	}
}

// What comes to stay would lie among garbage, and the pages in between could not be given back.
func TestCollections_LeaveLittleGarbageWhileAgentsCome(t *testing.T) {
	t.Parallel()
	c := collections{live: 20 * mebibyte}
	if got, _ := c.next(300*mebibyte, 25*mebibyte, time.Second); got != leastGarbage {
		t.Errorf("while the live heap grows by a quarter %d %% may gather as garbage, want %d %%", got, leastGarbage)
	}
	allocated := uint64(300 * mebibyte)
	for range settleTime/time.Second - 1 {
		allocated += 300 * mebibyte
		if got, _ := c.next(allocated, 25*mebibyte, time.Second); got != leastGarbage {
			t.Errorf("soon after it has grown %d %% may gather as garbage, want %d %%", got, leastGarbage)
		}
	}
	if got, _ := c.next(allocated+300*mebibyte, 25*mebibyte, time.Second); got <= leastGarbage {
		t.Errorf("once it stays as it is %d %% may gather, want more than %d %%", got, leastGarbage)
	}
}

func TestCollections_GiveMemoryBackOnceAfterTenSecondsOfCalm(t *testing.T) {
	t.Parallel()
	c := collections{live: 20 * mebibyte}
	percent, _ := c.next(300*mebibyte, 20*mebibyte, time.Second)
	calms := 0
	for range 20 {
		var calm bool
		if percent, calm = c.next(300*mebibyte, 20*mebibyte, time.Second); calm {
			calms++
		}
		if calms == 1 && percent != leastGarbage {
			t.Errorf("calm, and still %d %% may gather as garbage, want %d %%", percent, leastGarbage)
		}
	}
	if calms != 1 {
		t.Errorf("it became calm %d times, want once", calms)
	}
}

func TestCollections_GiveMemoryBackWhenNoMoreAgentsCome(t *testing.T) {
	t.Parallel()
	var c collections
	calms, live := 0, uint64(20*mebibyte)
	for i := range uint64(60) {
		if i < 5 {
			live += 20 * mebibyte
		}
		if _, calm := c.next(min(i+1, 5)*100*mebibyte, live, time.Second); calm {
			calms++
		}
	}
	if calms != 1 {
		t.Errorf("it became calm %d times, want once", calms)
	}
}

// The percentage is the whole process's: so this test cannot share it with others.
func TestCollections_AreLeftToGOGCWhereItIsSet(t *testing.T) {
	t.Setenv("GOGC", "80")
	was := debug.SetGCPercent(80)
	defer debug.SetGCPercent(was)
	if err := paceCollections(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := debug.SetGCPercent(80); got != 80 {
		t.Errorf("with GOGC=80 the collector was set to %d %%", got)
	}
}
