package streamtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/stream/streamtest"
)

func TestConverged_TellsWhichRowIsWrong(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	missed := s.events("log.1", 3, 5)
	missed[0].Message = missed[1].Message
	receive(t, client, events(missed[:1]...))
	err := streamtest.Converged(s.truth, client)
	want := fmt.Sprintf("the client at log.1:4: 1 rows are wrong, the first: the row of %s is", ann.Agent)
	if got := fmt.Sprint(err); len(got) < len(want) || got[:len(want)] != want {
		t.Errorf("got %s, want %s …", got, want)
	}
}

func TestConverged_WantsAPlaceInTheLog(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	says := func(want string, err error) {
		t.Helper()
		if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
			t.Error(diff)
		}
	}
	says("the client has nothing", streamtest.Converged(s.truth, streamtest.NewClient(salesFloor)))
	receive(t, client, mark(at("log.1", 99)))
	says("cursor log.1:99 lies beyond the log, which ends at 13", streamtest.Converged(s.truth, client))
	says("cursor log.1:99 lies beyond the log, which ends at 13", streamtest.CaughtUp(s.truth, client))
}

func TestCaughtUp_TellsWhatNeverCame(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	receive(t, client, events(s.events("log.1", 3, 11)...))
	if diff := cmp.Diff("the client is at log.1:11, and event 13 never came", fmt.Sprint(streamtest.CaughtUp(s.truth, client))); diff != "" {
		t.Error(diff)
	}
	receive(t, client, events(s.events("log.1", 11, 13)...))
	if err := streamtest.CaughtUp(s.truth, client); err != nil {
		t.Error(err)
	}
}
