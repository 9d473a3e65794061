package wire_test

import (
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

func TestInterval_IsMeasuredInMilliseconds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		to, now presence.Instant
		want    int64
	}{
		{startsHere + 1234, startsHere + 9999, 1234},
		{0, startsHere + 777, 777},
		{0, startsHere - 5, 0}, // the clock went back
	} {
		got := wire.Interval(store.Interval{From: startsHere, To: c.to, State: store.IntervalReady}, c.now)
		if got.DurationMS != c.want || (got.To == nil) != (c.to == 0) || got.Reason != nil || got.ReasonID != nil {
			t.Errorf("%+v at %s became %+v", c.to, c.now, got)
		}
	}
	if got := wire.Interval(store.Interval{From: startsHere, Reason: lunch}, startsHere); *got.Reason != "Lunch" || *got.ReasonListID != lunch.List.String() {
		t.Errorf("the reason became %+v", got)
	}
}
