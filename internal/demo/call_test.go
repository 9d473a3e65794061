package demo

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

func TestFloor_CallsGoTheirWayToTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		e := evening{house: h, agents: 24, rate: 2, seed: 3, length: 40 * time.Minute}
		stats, _ := e.run()
		ways := make(map[string]int)
		open := 0
		for _, states := range h.workHistory {
			if way := strings.Join(states, " "); strings.HasSuffix(way, "ended") {
				ways[way]++
			} else {
				open++
			}
		}
		known := []string{
			"offered active wrapup ended",
			"active wrapup ended", // started by the agent
			"offered ended",       // nobody picked up
		}
		for way, times := range ways {
			if !slices.Contains(known, way) {
				t.Errorf("%d calls went %s", times, way)
			}
		}
		for _, way := range known {
			if ways[way] == 0 {
				t.Errorf("no call went %s", way)
			}
		}
		// Those whose session ended in the middle have no end to report.
		if expired := 3 * 24; open > stats.OnCalls+expired {
			t.Errorf("%d calls have no end", open)
		}
		if races := h.count("offers to agents who are not free"); races > len(h.workHistory)/50 {
			t.Errorf("%d of %d offers went to agents who were not free", races, len(h.workHistory))
		}
	})
}

func TestFloor_EndsTheWorkThatAnEarlierShowLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		simulated, other := h.agent(Username(3, 1)), h.agent("agent@demo.example")
		for _, agent := range []*resident{simulated, other} {
			agent.session, agent.heard = "old", time.Now()
			agent.work = []api.Work{{InteractionID: "left over", State: api.WorkStateActive}}
		}
		e := evening{house: h, agents: 5, rate: 0.05, seed: 1, length: time.Minute, during: func(*board) {
			time.Sleep(30 * time.Second)
			h.mu.Lock()
			defer h.mu.Unlock()
			for _, work := range simulated.work {
				if work.InteractionID == "left over" {
					t.Error("a simulated agent still has work of an earlier show")
				}
			}
			if len(other.work) != 1 {
				t.Error("work of somebody else was ended")
			}
		}}
		e.run()
	})
}
