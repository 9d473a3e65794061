package demo

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

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
