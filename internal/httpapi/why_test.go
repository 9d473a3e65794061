package httpapi

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

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

// A client tells the chain in whatever language it likes, without reading the sentences.
func TestWhy_TellsStatesDirectionsAndWorkInFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.setState(agent, to("ready")).ok()
	w.setState(agent, to("ready")).ok()
	w.post(supervisor, presencePath(north, agent)+"/direction", map[string]any{"direction": "outbound"}).ok()
	w.call(north, programme, agent, callID)
	w.do(programme, http.MethodDelete, presencePath(north, agent)+"/interactions/"+callID, nil).ok()
	w.post(supervisor, presencePath(north, agent), to("notready", "reasonId", lunch)).ok()

	got := w.why(agent, agent)
	var told [][]any
	for _, step := range got.Chain {
		work := []string{}
		if step.Work != nil {
			work = []string{step.Work.InteractionID, step.Work.Channel, string(step.Work.Direction), string(step.Work.State)}
		}
		told = append(told, []any{step.Change, valueOf(step.State), valueOf(step.Reason), valueOf(step.Direction), step.Repeated, work})
	}
	wantEqual(t, told, [][]any{
		{"session_started", api.StateNotReady, "Logged in", api.DirectionInbound, false, []string{}},
		{"state_set", api.StateReady, "", api.Direction(""), false, []string{}},
		{"state_set", api.StateReady, "", api.Direction(""), true, []string{}},
		{"direction_set", api.State(""), "", api.DirectionOutbound, false, []string{}},
		{"work_reported", api.State(""), "", api.Direction(""), false, []string{callID, "voice", "inbound", "active"}},
		{"work_ended", api.State(""), "", api.Direction(""), false, []string{callID, "voice", "inbound", "ended"}},
		{"state_set", api.StateNotReady, "Lunch", api.Direction(""), false, []string{}},
	})
	last := got.Chain[len(got.Chain)-1]
	wantEqual(t, []string{valueOf(last.ReasonID), valueOf(got.Reason), valueOf(got.ReasonID)}, []string{lunch, "Lunch", lunch})
	wantEqual(t, got.ReasonListID, last.ReasonListID)
}

// What the system holds an agent not ready with is the reason of the present state, whatever was chosen before.
func TestWhy_HasTheReasonOfTheStateThatIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.session(agent)
		w.post(supervisor, presencePath(north, agent), to("notready", "reasonId", lunch)).ok()
		time.Sleep(61 * time.Second)
		for _, by := range []person{agent, supervisor} {
			got := w.why(by, agent)
			held := got.Chain[len(got.Chain)-1]
			wantEqual(t, []string{held.Change, valueOf(held.Reason), valueOf(got.Reason)}, []string{"held", "Connection lost", "Connection lost"})
		}
	})
}

// valueOf is the zero value where there is none.
func valueOf[T any](value *T) (zero T) {
	if value == nil {
		return zero
	}
	return *value
}
