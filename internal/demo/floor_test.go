package demo

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

func TestFloor_MakesAboutAsManyChangesASecondAsWereAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		agents int
		rate   float64
		length time.Duration
	}{{24, 2, 20 * time.Minute}, {24, 0.5, 40 * time.Minute}, {24, 20, 2 * time.Minute}, {100, 10, 4 * time.Minute}} {
		t.Run(fmt.Sprintf("%d agents at %g", c.agents, c.rate), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				opening := c.length / 10
				var before uint64
				e := evening{house: h, agents: c.agents, rate: c.rate, seed: 1, length: c.length, during: func(b *board) {
					time.Sleep(opening)
					before = b.read().Changes
				}}
				stats, log := e.run()
				got := float64(stats.Changes-before) / (c.length - opening).Seconds()
				if got < 0.8*c.rate || got > 1.2*c.rate {
					t.Errorf("%.2f changes a second, not %g", got, c.rate)
				}
				if log != "" {
					t.Errorf("logged: %s", log)
				}
				h.noWrong(t)
			})
		})
	}
}

func TestFloor_IsALivelyOneAfterSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := evening{house: newHouse(), agents: 24, rate: 2, seed: 1, length: time.Minute, during: func(b *board) {
			time.Sleep(10 * time.Second)
			if s := b.read(); s.LoggedIn < 22 || s.Ready < 12 || s.OnCalls < 1 {
				t.Errorf("after 10 s: %s", s)
			}
		}}
		e.run()
	})
}

func TestFloor_ShowsAllThatPeopleDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		e := evening{house: h, agents: 24, rate: 6, seed: 1, length: 20 * time.Minute}
		e.run()
		for _, what := range []string{
			"log in", "start a session", "heartbeat", "go ready", "go offline",
			"go notready Lunch", "go notready Coffee", "go notready Fresh air", "go notready Training", "go notready Back office",
			"take outbound", "take agent-initiated", "take inbound",
			"work offered", "work active", "work wrapup", "work ended",
		} {
			if h.count(what) == 0 {
				t.Errorf("in two hours nobody did: %s", what)
			}
		}
		h.noWrong(t)
	})
}

func TestFloor_CountsWhatTheServerHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		e := evening{house: h, agents: 100, rate: 8, seed: 2, length: 8 * time.Minute}
		stats, _ := e.run()
		var got Stats
		for name, agent := range h.agents {
			if name == routerName {
				continue
			}
			got.Agents++
			if time.Since(agent.heard) < houseOfferable && agent.session != "" {
				got.LoggedIn++
				if agent.state == api.StateReady {
					got.Ready++
				}
			}
			if len(agent.work) > 0 {
				got.OnCalls++
			}
		}
		near := func(what string, shown, there int) {
			t.Helper()
			if shown-there > 3 || there-shown > 3 {
				t.Errorf("%s: the board shows %d, the server has %d", what, shown, there)
			}
		}
		near("agents", stats.Agents, got.Agents)
		near("logged in", stats.LoggedIn, got.LoggedIn)
		near("ready", stats.Ready, got.Ready)
		near("on calls", stats.OnCalls, got.OnCalls)
	})
}

func TestFloor_ThousandsOfAgentsDoNotOverrunTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 1000
		h := newHouse()
		opening := agents*logInEvery + 10*time.Second
		e := evening{house: h, agents: agents, rate: 50, seed: 1, length: opening + 20*time.Second, during: func(b *board) {
			time.Sleep(opening)
			if s := b.read(); s.LoggedIn < agents*9/10 {
				t.Errorf("after the opening: %s", s)
			}
		}}
		_, log := e.run()
		if h.turnedAway > 0 {
			t.Errorf("%d log-ins were turned away", h.turnedAway)
		}
		late := 0
		for _, agent := range h.agents {
			late += len(agent.gaps)
		}
		if dead := h.count("start") - agents; late > dead+agents/10 {
			t.Errorf("%d heartbeats were late", late)
		}
		if log != "" {
			t.Errorf("logged: %s", log)
		}
		h.noWrong(t)
	})
}

func TestFloor_DeadBrowsersAreSilentAndSomeResume(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		e := evening{house: h, agents: 60, rate: 6, seed: 1, length: 15 * time.Minute}
		e.run()
		resumed := 0
		for name, agent := range h.agents {
			for _, gap := range agent.gaps {
				if resumed++; gap < soonestReturn || gap > latestReturn+houseDelay+time.Second {
					t.Errorf("%s was silent for %s and then resumed", name, gap)
				}
			}
		}
		if resumed < 5 {
			t.Errorf("%d browsers resumed", resumed)
		}
		relogged := 0
		for _, agent := range h.agents {
			logOuts := 0
			for _, did := range agent.did {
				if did == "go offline" {
					logOuts++
				}
			}
			relogged += max(0, agent.sessions-logOuts-1)
		}
		if relogged < 3 {
			t.Errorf("%d sessions were replaced or left behind", relogged)
		}
	})
}

func TestFloor_WithoutAgentsWaitsForTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		stats, _ := evening{house: h, rate: 2, length: time.Minute}.run()
		if asked := h.count(""); asked != 0 || stats != (Stats{}) {
			t.Errorf("nobody sent %d requests: %s", asked, stats)
		}
	})
}
