package httpapi

import (
	"slices"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// turn changes a person's direction many times.
func (w *world) turn(p person, times int) {
	w.tb.Helper()
	direction, by := w.sessionOf(north, p).Direction, presence.Actor{Cause: presence.ByAgent, ID: agentID(p)}
	for range times {
		if direction == presence.Inbound {
			direction = presence.Outbound
		} else {
			direction = presence.Inbound
		}
		w.start(p, presence.SetDirection{By: by, Direction: direction})
	}
}

func (w *world) why(by, p person) api.Why {
	w.tb.Helper()
	return okAs[api.Why](w.get(by, presencePath(north, p)+"/why"))
}

// The begin stands in front however far back it lies, even where it is not read.
func TestWhy_OfALongSessionHasItsBeginAndTheNewestChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	begin, changes := w.why(agent, agent).Chain[0], 1
	for _, total := range []int{longestChain, longestChain + 1, 4*longestChain + 1, furthestBack, furthestBack + 1} {
		w.turn(agent, total-changes)
		changes = total
		for _, by := range []person{agent, supervisor} {
			got := w.why(by, agent)
			if got.Truncated != (total > longestChain) || len(got.Chain) != longestChain {
				t.Errorf("of %d changes, %d are told; truncated: %v", total, len(got.Chain), got.Truncated)
			}
			wantEqual(t, got.Chain[0], begin)
			newest := w.eventsAfter(north, w.head(north)-1)[0]
			wantEqual(t, got.Chain[len(got.Chain)-1].At, api.Time(newest.Event.At))
			if slices.ContainsFunc(got.Chain[1:], func(step api.WhyStep) bool { return step.Change != "direction_set" }) {
				t.Errorf("of %d changes, those told are %+v", total, got.Chain[1:])
			}
		}
	}
}

// However much happens in a silent session, others read of the session before.
func TestWhy_TellsOthersTheSameAfterALongSilentSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(monitor)
	w.turn(monitor, longestChain+50)
	w.setState(monitor, to("offline")).ok()
	before := w.why(supervisor, monitor)
	before.Timestamp = 0
	if len(before.Chain) != longestChain || !before.Truncated {
		t.Fatalf("%d changes are told, truncated: %v", len(before.Chain), before.Truncated)
	}
	w.sessionIn(north, monitor, silently)
	w.turn(monitor, furthestBack+longestChain)
	after := w.why(supervisor, monitor)
	after.Timestamp = 0
	wantEqual(t, after, before)
	wantEqual(t, w.why(monitor, monitor).Chain[0].Change, "session_started")
}
