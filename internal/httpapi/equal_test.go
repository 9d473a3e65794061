package httpapi

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func wantEqual(tb testing.TB, got, want any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("wanted (-) and got (+):\n%s", diff)
	}
}

// intervals are a person's of the present day in North, as somebody gets them.
func (w *world) intervals(by, p person) []api.Interval {
	w.tb.Helper()
	return okAs[api.Intervals](w.get(by, userPath(north, p)+"/intervals")).Intervals
}
