package demo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func newCallers(seed uint64, from time.Time) *callers {
	return &callers{dice: newDice(seed, 0), pace: 1, mean: 10 * time.Second, most: 5, next: from}
}

func TestCallers_TheSameSeedBringsTheSameCalls(t *testing.T) {
	t.Parallel()
	from := time.Unix(0, 0)
	day := func(c *callers, step time.Duration) (scripts []script) {
		for at := from; at.Before(from.Add(time.Hour)); at = at.Add(step) {
			for c.arrive(at); len(c.waiting) > 0; {
				scripts = append(scripts, c.take())
			}
		}
		return scripts
	}
	first, again := day(newCallers(1, from), time.Second), day(newCallers(1, from), 5*time.Second)
	if diff := cmp.Diff(first, again, cmp.AllowUnexported(script{})); diff != "" {
		t.Errorf("calls depend on how often one looks (-every second +every five):\n%s", diff)
	}
	if n := len(first); n < 300 || n > 420 {
		t.Errorf("%d calls in an hour, not about 360", n)
	}
}

func TestCallers_HangUpWhenTheyWaitTooLongOrTooManyWait(t *testing.T) {
	t.Parallel()
	from := time.Unix(0, 0)
	c := newCallers(1, from)
	c.arrive(from.Add(10 * time.Minute))
	if len(c.waiting) > c.most {
		t.Errorf("%d wait, of at most %d", len(c.waiting), c.most)
	}
	now := from.Add(10 * time.Hour) // the machine slept
	c.arrive(now)
	for _, who := range c.waiting {
		if !who.patient.After(now) || who.patient.After(now.Add(callerPatience)) {
			t.Errorf("somebody waits until %s", who.patient.Sub(now))
		}
	}
	if c.next.Before(now) {
		t.Error("the next one has called already")
	}
}
