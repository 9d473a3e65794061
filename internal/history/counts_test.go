package history_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

// The sweep answers what looking at every interval at every point answers.
func TestCountsAreHowManyIntervalsCoverEachInstant(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		recorder := storetest.NewRecorder()
		var intervals []store.Interval
		for n := range rapid.IntRange(0, 4).Draw(r, "agents") {
			key := presence.Key{Tenant: north, Agent: presence.AgentID{UUID: presence.UUID{byte(n + 1)}}}
			life := record(recorder, key, storetest.DrawLife(r, key.Agent, 15))
			commit(t, s, life...)
			intervals = append(intervals, foldAll(life)...)
		}
		from := nine + presence.Instant(rapid.Int64Range(-60_000, 600_000).Draw(r, "from"))
		to := from + presence.Instant(rapid.Int64Range(1, 900_000).Draw(r, "long"))
		step := time.Duration(rapid.Int64Range(1000, 100_000).Draw(r, "step")) * time.Millisecond

		var want []history.Point
		for at := from; at < to; at = at.Add(step) {
			want = append(want, countAt(intervals, at))
		}
		got, err := history.NewQueries(newProjector(s, s), s).Counts(t.Context(), north, from, to, step)
		if err != nil {
			r.Fatal(err)
		}
		if diff := difference(want, got); diff != "" {
			r.Fatalf("points (-counted one by one +got):\n%s", diff)
		}
	})
}

func countAt(intervals []store.Interval, at presence.Instant) history.Point {
	point := history.Point{At: at}
	for _, i := range intervals {
		switch {
		case at < i.From || i.To != 0 && at >= i.To:
		case i.State == store.IntervalUnknown || i.UnvouchedSince != 0 && at >= i.UnvouchedSince:
			point.Unknown++
		case i.State == store.IntervalReady:
			point.Ready++
		default:
			point.NotReady++
		}
	}
	return point
}

func TestCounts_RefuseWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	s := memory.New()
	queries := history.NewQueries(newProjector(s, s), s)
	for name, c := range map[string]struct {
		from, to  presence.Instant
		step      time.Duration
		attribute string // "": not refused
		points    int
	}{
		"a month of a long October":        {nine, nine.Add(31*day + time.Hour), time.Hour, "", 745},
		"a millisecond more":               {nine, nine.Add(31*day+time.Hour) + 1, time.Hour, "to", 0},
		"all the time there is":            {math.MinInt64, math.MaxInt64, time.Hour, "to", 0},
		"an end at the beginning":          {nine, nine, time.Hour, "to", 0},
		"an end before the beginning":      {nine, nine - 1, time.Hour, "to", 0},
		"as many points as may be":         {nine, nine + 2000, time.Millisecond, "", 2000},
		"one point more":                   {nine, nine + 2001, time.Millisecond, "step", 0},
		"a last step that is cut":          {nine, nine + 11, 5 * time.Millisecond, "", 3},
		"a step that is longer than all":   {nine, nine + 5, time.Hour, "", 1},
		"no step":                          {nine, nine + 5, 0, "step", 0},
		"a step back":                      {nine, nine + 5, -time.Second, "step", 0},
		"a step between milliseconds":      {nine, nine + 5, 1500 * time.Microsecond, "step", 0},
		"a step of less than millisecond":  {nine, nine + 5, time.Microsecond, "step", 0},
		"the step of the longest duration": {nine, nine + 5, (math.MaxInt64 / time.Millisecond) * time.Millisecond, "", 1},
	} {
		points, err := queries.Counts(t.Context(), north, c.from, c.to, c.step)
		var refused *history.RangeError
		if errors.As(err, &refused) != (c.attribute != "") || refused != nil && (refused.Attribute != c.attribute || refused.Text == "") {
			t.Errorf("%s: %v", name, err)
		}
		if len(points) != c.points {
			t.Errorf("%s: %d points, want %d", name, len(points), c.points)
		}
	}
}
