package engine_test

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// checkLog holds what must be true of every log: numbers and versions without
// gaps, times that never go back for an agent, and in each record the agent that
// its events lead to. It returns the agents at the end.
func checkLog(t tester, log []store.Record) map[presence.Key]presence.Agent {
	t.Helper()
	agents := make(map[presence.Key]presence.Agent)
	for i, record := range log {
		if record.Seq != store.Seq(i+1) {
			t.Fatalf("record %d has number %d", i+1, record.Seq)
		}
		after, err := presence.Evolve(agents[record.Key], record.Event)
		if err != nil {
			t.Fatalf("record %d does not follow: %v", record.Seq, err)
		}
		if !reflect.DeepEqual(after, record.After) {
			t.Fatalf("record %d holds another agent than its events lead to: %s", record.Seq, cmp.Diff(after, record.After))
		}
		agents[record.Key] = after
	}
	return agents
}

func TestLog_FollowsTheRequestsOfManyAgents(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		for i := range 10 {
			go func() {
				f.logInReady(agent(i))
				f.do(agent(i), direction(agent(i), presence.Outbound))
				f.do(agent(i), notReady(agent(i), lunch))
			}()
		}
		pass(0)
		agents := checkLog(t, f.log())
		for i := range 10 {
			if diff := cmp.Diff(agents[agent(i)], f.agent(agent(i))); diff != "" {
				t.Errorf("agent %d: %s", i, diff)
			}
		}
	})
}
