package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// twins do the same and are ready; beats alone hold them live. One's connection is
// cut and stalls, for less than the time in which the system acts.
type twins struct{ quiet, troubled *benchAgent }

// newTwins makes both ready.
func newTwins(t *testing.T, floor *benchFloor, address string, quiet, troubled *benchAgent) *twins {
	t.Helper()
	w := &twins{quiet: quiet, troubled: troubled}
	for _, agent := range []*benchAgent{quiet, troubled} {
		config := askBench[api.Config](t, floor, address, agent, http.MethodGet, "/users/"+agent.id+"/config", "")
		askBench[api.Member](t, floor, address, agent, http.MethodPut, "/users/"+agent.id, fmt.Sprintf(`{"activeExtension":{"id":%q}}`, config.Extensions[0].ID))
		askBench[api.PresenceState](t, floor, address, agent, http.MethodPost, "/presence/"+agent.id, `{"state":"ready"}`)
	}
	return w
}

// compare holds what is told of both against each other, while both are connected.
func (w *twins) compare(t *testing.T, floor *benchFloor, address string) {
	t.Helper()
	told := func(agent *benchAgent) (states []string, now api.PresenceState) {
		intervals := intervalsOf(t, floor, address, agent)
		for i, interval := range intervals {
			reason := ""
			if interval.Reason != nil {
				reason = *interval.Reason
			}
			states = append(states, fmt.Sprint(interval.State, " ", reason, " ", interval.Direction, " ", interval.To != nil))
			if i > 0 && (intervals[i-1].To == nil || *intervals[i-1].To != interval.From) {
				t.Errorf("agent %s: %+v does not follow on %+v", agent.id, interval, intervals[i-1])
			}
		}
		now = askBench[api.PresenceState](t, floor, address, agent, http.MethodGet, "/presence/"+agent.id, "")
		if last := intervals[len(intervals)-1]; now.StateSince == nil || *now.StateSince != last.From {
			t.Errorf("agent %s is so since %v, by its history since %v", agent.id, now.StateSince, last.From)
		}
		now.ResourceID, now.SessionID, now.StateSince, now.DirectionSince, now.Timestamp = "", nil, nil, nil, 0
		return states, now
	}
	quietStates, quietNow := told(w.quiet)
	troubledStates, troubledNow := told(w.troubled)
	if len(quietStates) != 2 || !quietNow.Offerable || quietNow.Connection != api.ConnectionLive {
		t.Errorf("whom nothing happens to has %v and is %+v", quietStates, quietNow)
	}
	if diff := cmp.Diff(quietStates, troubledStates); diff != "" {
		t.Errorf("intervals of the quiet (-) and the troubled twin (+) differ:\n%s", diff)
	}
	if diff := cmp.Diff(quietNow, troubledNow); diff != "" {
		t.Errorf("the quiet (-) and the troubled twin (+) differ:\n%s", diff)
	}
}

// compareLogs: nothing was committed of the one that was not of the other, so no
// floor was ever shown anything else.
func (w *twins) compareLogs(t *testing.T, changes []store.Change) {
	t.Helper()
	kinds := func(agent *benchAgent) (kinds []presence.Kind) {
		id := agentID(t, agent.id)
		for _, change := range changes {
			for _, r := range change.Records {
				if r.Key.Agent == id {
					kinds = append(kinds, r.Event.Change.Kind())
				}
			}
		}
		return kinds
	}
	// The server was started twice more; each time it heard the client again.
	want := []presence.Kind{presence.KindSessionStarted, presence.KindStateSet}
	for range 2 {
		want = append(want, presence.KindLeaseTaken, presence.KindConnectionChanged)
	}
	quiet := kinds(w.quiet)
	if diff := cmp.Diff(want, quiet); diff != "" {
		t.Errorf("of whom nothing happens to it is written (+), want (-):\n%s", diff)
	}
	if diff := cmp.Diff(quiet, kinds(w.troubled)); diff != "" {
		t.Errorf("what is written of the quiet (-) and the troubled twin (+) differs:\n%s", diff)
	}
}
