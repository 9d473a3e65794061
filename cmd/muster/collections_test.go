package main

import (
	"runtime/debug"
	"testing"
	"time"
)

const mebibyte = 1 << 20

func TestCollections_LeaveLittleGarbageWhileNothingHappens(t *testing.T) {
	t.Parallel()
	var c collections
	if got := c.next(1*mebibyte, 100*mebibyte, time.Second); got != leastGarbage {
		t.Errorf("%d %% of the live heap may gather as garbage, want %d %%", got, leastGarbage)
	}
}

func TestCollections_AreSecondsApartWhileMuchHappens(t *testing.T) {
	t.Parallel()
	var c collections
	percent := c.next(20*mebibyte, 20*mebibyte, time.Second)
	apart := time.Duration(percent) * time.Second / 100
	if apart != collectionsApart {
		t.Errorf("at 20 MiB a second beside 20 MiB that live a collection follows after %v, want %v", apart, collectionsApart)
	}
}

func TestCollections_BoundTheGarbageOfAnyRate(t *testing.T) {
	t.Parallel()
	var c collections
	if got := c.next(10<<30, 64*mebibyte, time.Second); got != 100*mostGarbage/(64*mebibyte) {
		t.Errorf("%d %% of 64 MiB may gather as garbage, want %d %%", got, 100*mostGarbage/(64*mebibyte))
	}
}

func TestCollections_StayApartOverASecondWithoutWork(t *testing.T) {
	t.Parallel()
	var c collections
	busy := c.next(30*mebibyte, 20*mebibyte, time.Second)
	if got := c.next(30*mebibyte, 20*mebibyte, time.Second); got <= leastGarbage || got >= busy {
		t.Errorf("after a second without work %d %% may gather, want less than %d %% and more than %d %%", got, busy, leastGarbage)
	}
}

func TestCollections_GiveMemoryBackAfterTenSecondsOfCalm(t *testing.T) {
	t.Parallel()
	var c collections
	percent := c.next(300*mebibyte, 20*mebibyte, time.Second)
	for range 10 {
		percent = c.next(300*mebibyte, 20*mebibyte, time.Second)
	}
	if percent != leastGarbage {
		t.Errorf("after ten seconds of calm %d %% may gather as garbage, want %d %%", percent, leastGarbage)
	}
}

// The runtime has no way to ask for the percentage but to set it, for the whole
// process: so this test cannot share it with others.
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
