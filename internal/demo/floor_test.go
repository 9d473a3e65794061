package demo

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

// evening is a floor that a test watches while it runs in a house.
type evening struct {
	house  *house
	agents int
	rate   float64 // changes a second
	seed   uint64
	length time.Duration
	// during runs beside the floor.
	during func(b *board)
}

// run returns the floor's board and log at the end. It must be in a bubble.
func (e evening) run() (Stats, string) {
	var log bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), e.length)
	defer cancel()
	f := &floor{
		seed: e.seed, desk: e.house, board: &board{},
		complaints: newComplaints(slog.New(slog.NewTextHandler(&log, nil))),
	}
	o := Options{Agents: e.agents, ChangesPerSecond: e.rate}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.open(ctx, e.agents, o.pace())
	}()
	if e.during != nil {
		e.during(f.board)
	}
	<-done
	return f.board.read(), log.String()
}

// noWrong fails for what nobody may do.
func (h *house) noWrong(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, wrong := range h.wrong[:min(len(h.wrong), 5)] {
		t.Error(wrong)
	}
	if h.mostAtOnce > workers {
		t.Errorf("%d requests at once", h.mostAtOnce)
	}
}

func (h *house) set(trouble func(who, what string) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.trouble = trouble
}

// count is how often something was asked whose name begins so; "" counts all.
func (h *house) count(prefix string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	sum := 0
	for what, times := range h.asked {
		if strings.HasPrefix(what, prefix) {
			sum += times
		}
	}
	return sum
}

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

func TestFloor_SlowLogInsDoNotKeepOthersFromTheirHeartbeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.password = 2 * time.Second
		e := evening{house: h, agents: 200, rate: 2, seed: 1, length: 4 * time.Minute}
		stats, log := e.run()
		if stats.LoggedIn < 180 {
			t.Errorf("in the end %s", stats)
		}
		for name, agent := range h.agents {
			if len(agent.gaps) > 1 {
				t.Errorf("%s's heartbeats were late: %v", name, agent.gaps)
			}
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

func TestFloor_RidesOutARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		var before, asked, logIns int
		e := evening{house: h, agents: 200, rate: 10, seed: 1, length: 5 * time.Minute, during: func(b *board) {
			time.Sleep(time.Minute)
			before = b.read().LoggedIn
			h.set(func(string, string) error { return errOutage })
			asked, logIns = h.count(""), h.count("log in")
			time.Sleep(2 * time.Minute)
			asked = h.count("") - asked
			h.set(nil)
			time.Sleep(30 * time.Second)
			logIns = h.count("log in") - logIns
			if after := b.read().LoggedIn; after < before*9/10 {
				t.Errorf("%d were logged in before the outage and %d after", before, after)
			}
		}}
		stats, log := e.run()
		if asked > 200*25 {
			t.Errorf("200 agents sent %d requests into an outage of two minutes", asked)
		}
		if logIns > 200/2 {
			t.Errorf("%d log-ins: tokens outlive a restart", logIns)
		}
		if lines := strings.Count(log, "\n"); lines == 0 || lines > 100 {
			t.Errorf("%d lines were logged", lines)
		}
		if stats.OnCalls == 0 {
			t.Error("nobody is on a call after the outage")
		}
		h.noWrong(t)
	})
}

func TestFloor_ObeysRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const asked = 20 * time.Second
		h := newHouse()
		told := make(map[string]time.Time)
		h.set(func(who, what string) error {
			if last, ok := told[who]; ok && who != routerName && time.Since(last) < asked {
				t.Errorf("%s asks to %s %s after having been told to wait %s", who, what, time.Since(last), asked)
			}
			told[who] = time.Now()
			return &refusal{status: http.StatusTooManyRequests, code: api.CodeRateLimited, retryAfter: asked}
		})
		e := evening{house: h, agents: 24, rate: 2, seed: 1, length: 5 * time.Minute}
		e.run()
		if len(told) != 25 {
			t.Errorf("%d people asked", len(told))
		}
	})
}

func TestFloor_AnOldTokenIsReplacedAndTheSessionKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		e := evening{house: h, agents: 24, rate: 0.2, seed: 1, length: 4 * time.Minute, during: func(b *board) {
			time.Sleep(2 * time.Minute)
			sessions := h.count("start")
			h.mu.Lock()
			for _, agent := range h.agents {
				agent.token = "revoked"
			}
			h.mu.Unlock()
			logIns := h.count("log in")
			time.Sleep(30 * time.Second)
			if got := h.count("log in") - logIns; got < 22 || got > 30 {
				t.Errorf("%d log-ins after 25 tokens were revoked", got)
			}
			if got := h.count("start") - sessions; got > 1 {
				t.Errorf("%d sessions were started anew", got)
			}
		}}
		e.run()
		h.noWrong(t)
	})
}

func TestFloor_DoesNotHammerAServerThatKnowsNobody(t *testing.T) {
	t.Parallel()
	answers := map[string]error{
		"every token is refused":     &refusal{status: http.StatusUnauthorized, code: api.CodeBadCredentials},
		"nobody has a right":         &refusal{status: http.StatusForbidden, code: api.CodeForbidden},
		"there is nothing":           &refusal{status: http.StatusNotFound, code: api.CodeNotFound},
		"every session has ended":    &refusal{status: http.StatusNotFound, code: api.CodeSessionEnded},
		"every session is taken":     &refusal{status: http.StatusConflict, code: api.CodeSessionSuperseded},
		"work never ends":            &refusal{status: http.StatusConflict, code: api.CodeWorkOpen},
		"something answers nonsense": &refusal{status: http.StatusTeapot},
		"the server breaks":          &refusal{status: http.StatusInternalServerError, code: api.CodeInternal},
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		for _, only := range []string{"", "log in", "start", "heartbeat", "go", "work", "look"} {
			t.Run(fmt.Sprintf("%s %s", name, only), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const agents, minutes = 5, 5
					h := newHouse()
					seen := 0
					h.set(func(_, what string) error {
						if strings.HasPrefix(what, only) {
							seen++
							return answers[name]
						}
						return nil
					})
					e := evening{house: h, agents: agents, rate: 0.5, seed: 1, length: minutes * time.Minute}
					_, log := e.run()
					if rate := float64(seen) / agents / minutes; rate > 12 {
						t.Errorf("%.1f vain requests an agent and minute", rate)
					}
					if lines := strings.Count(log, "\n"); lines > 12*2*minutes {
						t.Errorf("%d lines were logged", lines)
					}
				})
			})
		}
	}
}

func TestFloor_WhoIsThrownOutComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		e := evening{house: h, agents: 24, rate: 0.2, seed: 1, length: 5 * time.Minute, during: func(b *board) {
			time.Sleep(2 * time.Minute)
			h.mu.Lock()
			for _, agent := range h.agents {
				agent.session, agent.work = "", nil // as by a supervisor
			}
			h.mu.Unlock()
			time.Sleep(15 * time.Second)
			if in := b.read().LoggedIn; in > 20 {
				t.Errorf("%d are logged in though all sessions ended", in)
			}
			time.Sleep(time.Minute)
			if in := b.read().LoggedIn; in < 22 {
				t.Errorf("a minute after all sessions ended %d are back", in)
			}
		}}
		e.run()
		h.noWrong(t)
	})
}

func TestFloor_LeavesAnAccountToWhoTookItOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		e := evening{house: h, agents: 1, rate: 0.01, seed: 1, length: 10 * time.Minute, during: func(b *board) {
			time.Sleep(time.Minute)
			h.mu.Lock()
			agent := h.agents[Username(0, 1)]
			agent.session, agent.heard = "a person's", time.Now()
			h.mu.Unlock()
			time.Sleep(soonestAfterTakeover)
			h.mu.Lock()
			session := agent.session
			h.mu.Unlock()
			if session != "a person's" {
				t.Errorf("the simulated agent took the account back at once: %s", session)
			}
		}}
		stats, _ := e.run()
		if stats.LoggedIn != 1 {
			t.Errorf("in the end: %s", stats)
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
