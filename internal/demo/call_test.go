package demo

import (
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/sdk"
)

func TestFloor_CallsGoTheirWayToTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		ended := []string{
			"offered active wrapup ended",
			"active wrapup ended", // started by the agent
			"offered ended",       // nobody picked up
		}
		stats, _ := s.play(evening{rate: 4, length: 15 * time.Minute, until: func() bool {
			all, _ := s.ways()
			ways := slices.Collect(maps.Values(all))
			return !slices.ContainsFunc(ended, func(way string) bool { return !slices.Contains(ways, way) })
		}})
		all, races := s.ways()
		ways := make(map[string]int)
		for _, way := range all {
			ways[way]++
		}
		under := []string{"offered", "offered active", "offered active wrapup", "active", "active wrapup"}
		open := 0
		for way, times := range ways {
			switch {
			case slices.Contains(ended, way):
			case slices.Contains(under, way):
				open += times
			case times > len(all)/50: // the session ended in the middle
				t.Errorf("%d calls went %s", times, way)
			}
		}
		if open > stats.OnCalls {
			t.Errorf("%d calls have no end, and %d agents are on calls", open, stats.OnCalls)
		}
		for _, way := range ended {
			if ways[way] == 0 {
				t.Errorf("no call went %s", way)
			}
		}
		if races > len(all)/100 {
			t.Errorf("%d of %d offers went to agents who were not free", races, len(all))
		}
	})
}

func TestFloor_EndsTheWorkThatAnEarlierShowLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 5)
		router := s.client(routerName)
		report := func(username string) (agent string) {
			client := s.client(username)
			if _, err := client.Session.SetActiveTenant(t.Context(), sdk.SetActiveTenantParams{TenantID: s.tenant.String()}); err != nil {
				t.Fatal(err)
			}
			agent = client.Session.GetActiveUserID(t.Context())
			left := sdk.ReportWorkParams{
				ResourceID: agent, InteractionID: newInteraction(), Channel: "voice",
				Direction: api.DirectionInbound, State: api.WorkStateActive,
			}
			if _, err := router.Work.Report(t.Context(), left); err != nil {
				t.Fatal(err)
			}
			return agent
		}
		simulated, other := report(Username(3, 1)), report("agent@demo.example")
		s.play(evening{rate: 0.05, length: time.Minute, during: func(*Show) {
			time.Sleep(30 * time.Second)
			work := make(map[string][]presence.Work)
			for key, agent := range s.now() {
				if agent.Session != nil {
					work[key.Agent.String()] = agent.Session.Work
				}
			}
			if len(work[simulated]) != 0 {
				t.Errorf("a simulated agent still has work of an earlier show: %v", work[simulated])
			}
			if len(work[other]) != 1 {
				t.Errorf("somebody else has %d pieces of work, not the one there was", len(work[other]))
			}
		}})
	})
}
