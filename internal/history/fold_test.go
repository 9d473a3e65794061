package history_test

import (
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/storetest"
)

// span is what a test wants of an interval; minutes count from nine.
type span struct {
	from, to  int // to 0: open
	state     store.IntervalState
	reason    string
	direction presence.Direction
	cause     presence.Cause
	unvouched int // 0: none
}

const (
	isReady    = store.IntervalReady
	isNotReady = store.IntervalNotReady
	isUnknown  = store.IntervalUnknown

	loggedIn = "Logged in"
	lost     = "Connection lost"
)

func TestFold(t *testing.T) {
	t.Parallel()
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	do := func(n int, c presence.Command) storetest.Step { return at{minutes(n), c}.step() }
	silent := func(n int, silence, heard time.Duration) storetest.Step {
		return storetest.Step{Now: nine.Add(minutes(n)), Command: silentFor(silence, heard)}
	}
	in := presence.Inbound
	work := presence.Work{Interaction: presence.InteractionID{UUID: presence.UUID{9}}, Channel: "voice", State: presence.WorkActive}
	byRouter := presence.System()

	for promise, c := range map[string]struct {
		life []storetest.Step
		want []span
	}{
		"a session begins with an interval": {
			[]storetest.Step{do(0, begins)},
			[]span{{from: 0, state: isNotReady, reason: loggedIn, direction: in, cause: presence.ByAgent}},
		},
		"another state, reason or direction is another interval": {
			[]storetest.Step{do(0, begins), do(1, ready), do(2, presence.SetDirection{By: bySue, Direction: presence.Outbound}),
				do(3, presence.GoNotReady{By: bySue}), do(4, presence.GoNotReady{By: byAnn, Reason: lunch}), do(5, ends)},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 2, isReady, "", in, presence.ByAgent, 0},
				{2, 3, isReady, "", presence.Outbound, presence.BySupervisor, 0},
				{3, 4, isNotReady, "", presence.Outbound, presence.BySupervisor, 0},
				{4, 5, isNotReady, "Lunch", presence.Outbound, presence.ByAgent, 0},
			},
		},
		"repetitions, work, monitoring and the connection leave it alone": {
			[]storetest.Step{do(0, begins), do(1, ready), do(2, ready), do(3, presence.SetDirection{By: byAnn, Direction: in}),
				do(4, presence.ReportWork{By: byRouter, Work: work}), do(5, presence.StartMonitoring{By: byAnn, Interaction: work.Interaction}),
				do(6, presence.GoOffline{By: byAnn, Wait: true}), do(7, ready), do(8, presence.EndWork{By: byRouter, Interaction: work.Interaction}),
				silent(9, limits.Silent, 0), do(10, presence.Hear{})},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 0, isReady, "", in, presence.ByAgent, 0},
			},
		},
		"an interval without length is left out": {
			[]storetest.Step{do(0, begins), do(0, ready), do(0, presence.GoNotReady{By: byAnn, Reason: lunch}), do(1, ends)},
			[]span{{0, 1, isNotReady, "Lunch", in, presence.ByAgent, 0}},
		},
		"a session without length has none": {
			[]storetest.Step{do(0, begins), do(0, ends)},
			nil,
		},
		"a session that is superseded ends where the next begins": {
			[]storetest.Step{do(0, begins), do(1, ready), do(2, begins), do(3, ends)},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 2, isReady, "", in, presence.ByAgent, 0},
				{2, 3, isNotReady, loggedIn, in, presence.ByAgent, 0},
			},
		},
		"a session for silent monitoring is in none": {
			[]storetest.Step{do(0, begins), do(1, presence.StartSession{By: byAnn, Silent: true}), do(2, ready), do(3, ends)},
			[]span{{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0}},
		},
		"a clock that goes back makes no interval": {
			[]storetest.Step{do(0, begins), do(5, ready), do(3, presence.GoNotReady{By: byAnn}), do(6, ends)},
			[]span{
				{0, 5, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{5, 6, isNotReady, "", in, presence.ByAgent, 0},
			},
		},
		"a lost connection is an interval, and coming back gives the state back": {
			[]storetest.Step{do(0, begins), do(1, ready), silent(3, limits.NotReady, minutes(2)), do(4, presence.Hear{})},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 3, isReady, "", in, presence.ByAgent, 0},
				{3, 4, isNotReady, lost, in, presence.BySystem, 0},
				{4, 0, isReady, "", in, presence.BySystem, 0},
			},
		},
		"a server's stop puts the open interval in doubt since the agent was heard": {
			[]storetest.Step{do(0, begins), do(1, ready), do(9, presence.TakeLease{HeardAt: nine.Add(minutes(2))})},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 0, isReady, "", in, presence.ByAgent, 2},
			},
		},
		"a log-out as the first sign of life after a stop vouches for the time before": {
			[]storetest.Step{do(0, begins), do(1, ready), do(9, presence.TakeLease{HeardAt: nine.Add(minutes(2))}), do(10, ends)},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 10, isReady, "", in, presence.ByAgent, 0},
			},
		},
		"a stop puts no hold in doubt": {
			[]storetest.Step{do(0, begins), silent(3, limits.NotReady, 0), do(9, presence.TakeLease{HeardAt: nine}), do(10, presence.Revoke{By: bySue})},
			[]span{
				{0, 3, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{3, 10, isNotReady, lost, in, presence.BySystem, 0},
			},
		},
		"a second stop leaves the doubt where it was": {
			[]storetest.Step{do(0, begins), do(8, presence.TakeLease{HeardAt: nine.Add(minutes(2))}), do(9, presence.TakeLease{HeardAt: nine.Add(minutes(7))})},
			[]span{{0, 0, isNotReady, loggedIn, in, presence.ByAgent, 2}},
		},
		"an interval is in doubt from its beginning if the agent was heard before": {
			[]storetest.Step{do(0, begins), do(3, presence.GoNotReady{By: bySue}), do(9, presence.TakeLease{HeardAt: nine.Add(minutes(2))}), do(10, presence.Revoke{By: bySue})},
			[]span{
				{0, 3, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{3, 10, isUnknown, "", in, presence.BySystem, 0},
			},
		},
		"a note of the future puts no time in doubt": {
			[]storetest.Step{do(0, begins), do(1, presence.TakeLease{HeardAt: nine.Add(minutes(5))}), do(1, ends)},
			[]span{{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0}},
		},
		"an agent that comes back was there all along": {
			[]storetest.Step{do(0, begins), do(1, ready), do(9, presence.TakeLease{HeardAt: nine.Add(minutes(2))}), do(10, presence.Hear{}), do(11, ends)},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 11, isReady, "", in, presence.ByAgent, 0},
			},
		},
		"an agent that never comes back is unknown until it is held": {
			[]storetest.Step{do(0, begins), do(1, ready), do(9, presence.TakeLease{HeardAt: nine.Add(minutes(2))}),
				silent(10, limits.NotReady, minutes(2)), silent(14, limits.End, minutes(2))},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 2, isReady, "", in, presence.ByAgent, 0},
				{2, 10, isUnknown, "", in, presence.BySystem, 0},
				{10, 14, isNotReady, lost, in, presence.BySystem, 0},
			},
		},
		"what a supervisor changes of a missing agent is in doubt from then on": {
			[]storetest.Step{do(0, begins), do(1, presence.SetDirection{By: byAnn, Direction: presence.Outbound}),
				do(9, presence.TakeLease{HeardAt: nine.Add(minutes(2))}), do(10, presence.GoNotReady{By: bySue, Reason: lunch}),
				silent(12, limits.NotReady, minutes(2))},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 2, isNotReady, loggedIn, presence.Outbound, presence.ByAgent, 0},
				{2, 10, isUnknown, "", presence.Outbound, presence.BySystem, 0},
				{10, 12, isUnknown, "", presence.Outbound, presence.BySystem, 0},
				{12, 0, isNotReady, lost, presence.Outbound, presence.BySystem, 0},
			},
		},
		"a session that is superseded in doubt leaves an unknown end and a new beginning": {
			[]storetest.Step{do(0, begins), do(1, ready), do(9, presence.TakeLease{HeardAt: nine.Add(minutes(2))}), do(10, begins)},
			[]span{
				{0, 1, isNotReady, loggedIn, in, presence.ByAgent, 0},
				{1, 2, isReady, "", in, presence.ByAgent, 0},
				{2, 10, isUnknown, "", in, presence.BySystem, 0},
				{10, 0, isNotReady, loggedIn, in, presence.ByAgent, 0},
			},
		},
	} {
		t.Run(promise, func(t *testing.T) {
			t.Parallel()
			got := spansOf(foldAll(record(storetest.NewRecorder(), annInNorth, c.life)))
			if diff := difference(c.want, got); diff != "" {
				t.Errorf("intervals (-want +got):\n%s", diff)
			}
		})
	}
}

func spansOf(intervals []store.Interval) []span {
	minute := func(i presence.Instant) int {
		if i == 0 {
			return 0
		}
		return int(i.Sub(nine) / time.Minute)
	}
	var spans []span
	for _, i := range intervals {
		spans = append(spans, span{minute(i.From), minute(i.To), i.State, i.Reason.Name, i.Direction, i.Cause, minute(i.UnvouchedSince)})
	}
	return spans
}
