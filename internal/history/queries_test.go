package history_test

import (
	"errors"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestDay_SeesEverythingCommittedBefore(t *testing.T) {
	t.Parallel()
	s := memory.New()
	queries := history.NewQueries(newProjector(s, s), s) // nobody runs the projector
	recorder := storetest.NewRecorder()
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	for n, c := range []struct {
		command presence.Command
		want    []span
	}{
		{begins, []span{{0, 0, isNotReady, loggedIn, presence.Inbound, presence.ByAgent, 0}}},
		{ready, []span{
			{0, 1, isNotReady, loggedIn, presence.Inbound, presence.ByAgent, 0},
			{1, 0, isReady, "", presence.Inbound, presence.ByAgent, 0},
		}},
		{ends, []span{
			{0, 1, isNotReady, loggedIn, presence.Inbound, presence.ByAgent, 0},
			{1, 2, isReady, "", presence.Inbound, presence.ByAgent, 0},
		}},
	} {
		commit(t, s, record(recorder, annInNorth, []storetest.Step{at{minutes(n), c.command}.step()})...)
		wantDay(t, queries, nine, nine.Add(time.Hour), c.want...)
	}
}

func TestDay_ShowsOpenTimeInDoubtAsUnknown(t *testing.T) {
	t.Parallel()
	s := memory.New()
	queries := history.NewQueries(newProjector(s, s), s)
	commit(t, s, record(storetest.NewRecorder(), annInNorth, []storetest.Step{
		at{0, begins}.step(),
		at{9 * time.Minute, presence.TakeLease{HeardAt: nine.Add(2 * time.Minute)}}.step(),
	})...)
	sure := span{0, 2, isNotReady, loggedIn, presence.Inbound, presence.ByAgent, 0}
	unsure := span{2, 0, isUnknown, "", presence.Inbound, presence.BySystem, 0}
	wantDay(t, queries, nine, nine.Add(time.Hour), sure, unsure)
	wantDay(t, queries, nine, nine.Add(2*time.Minute), sure)
	wantDay(t, queries, nine.Add(2*time.Minute), nine.Add(time.Hour), unsure)
	wantDay(t, queries, nine.Add(-time.Hour), nine)
}

func TestDay_ShowsAnIntervalThatIsInDoubtFromItsBeginningAsUnknownAlone(t *testing.T) {
	t.Parallel()
	s := memory.New()
	queries := history.NewQueries(newProjector(s, s), s)
	commit(t, s, record(storetest.NewRecorder(), annInNorth, []storetest.Step{
		at{time.Minute, begins}.step(),
		at{9 * time.Minute, presence.TakeLease{HeardAt: nine}}.step(),
	})...)
	wantDay(t, queries, nine, nine.Add(time.Hour), span{1, 0, isUnknown, "", presence.Inbound, presence.BySystem, 0})
}

func TestDay_RefusesWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	s := memory.New()
	queries := history.NewQueries(newProjector(s, s), s)
	var refused *history.RangeError
	if _, err := queries.Day(t.Context(), annInNorth, nine, nine.Add(history.MaxSpan)+1); !errors.As(err, &refused) || refused.Attribute != "to" {
		t.Errorf("more than the longest time: %v", err)
	}
	wantDay(t, queries, nine, nine.Add(history.MaxSpan))
}

func wantDay(t *testing.T, queries *history.Queries, from, to presence.Instant, want ...span) {
	t.Helper()
	got, err := queries.Day(t.Context(), annInNorth, from, to)
	if err != nil {
		t.Fatal(err)
	}
	if diff := difference(want, spansOf(got)); diff != "" {
		t.Errorf("day (-want +got):\n%s", diff)
	}
}
