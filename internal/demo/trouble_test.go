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
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/sdk"
)

func TestFloor_SlowLogInsDoNotKeepOthersFromTheirWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 100)
		s.set(func(what string, _ *http.Request) *answer {
			if what == "log in" {
				time.Sleep(2 * time.Second)
			}
			return nil
		})
		stats, log := s.play(evening{rate: 1, length: 3 * time.Minute, during: func(show *Show) {
			time.Sleep(time.Minute)
			if stats := show.Stats(); stats.LoggedIn < 40 || stats.Ready < 20 {
				t.Errorf("after a minute of slow log-ins %s", stats)
			}
		}})
		if stats.LoggedIn < 90 {
			t.Errorf("in the end %s", stats)
		}
		if log != "" {
			t.Errorf("logged: %s", log)
		}
		s.noWrong()
	})
}

func TestFloor_RidesOutAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 100
		s := newServer(t, agents)
		stats, log := s.play(evening{rate: 5, length: 5 * time.Minute, during: func(show *Show) {
			time.Sleep(time.Minute)
			before := show.Stats().LoggedIn
			s.set(func(string, *http.Request) *answer { panic(http.ErrAbortHandler) }) // cuts the connection
			s.cutAll()
			asked, logIns, sessions := s.count(""), s.count("log in"), s.count("start a session")
			time.Sleep(2 * time.Minute)
			if asked = s.count("") - asked; asked > agents*45 { // most are the SDK's: heartbeats and streams
				t.Errorf("%d agents sent %d requests into an outage of two minutes", agents, asked)
			}
			s.set(nil)
			time.Sleep(40 * time.Second)
			if logIns = s.count("log in") - logIns; logIns > agents/2 {
				t.Errorf("%d log-ins: tokens outlive an outage", logIns)
			}
			if sessions = s.count("start a session") - sessions; sessions > agents/2 {
				t.Errorf("%d sessions were started: sessions outlive an outage", sessions)
			}
			after := show.Stats()
			if after.LoggedIn < before*9/10 {
				t.Errorf("%d were logged in before the outage, and after it %s", before, after)
			}
			if live := s.live(t); live < after.LoggedIn-1 {
				t.Errorf("%d are live after the outage: %s", live, after)
			}
		}})
		if lines := strings.Count(log, "\n"); lines == 0 || lines > 120 {
			t.Errorf("%d lines were logged", lines)
		}
		if stats.OnCalls == 0 {
			t.Error("nobody is on a call after the outage")
		}
		s.noWrong()
	})
}

func TestFloor_ObeysRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const wait = 20 * time.Second
		s := newServer(t, 24)
		last := time.Now()
		asked := 0
		s.set(func(_ string, r *http.Request) *answer {
			s.mu.Lock()
			defer s.mu.Unlock()
			// Everybody is at the door, where nothing says who they are: two log in at once, and the router.
			if asked++; asked > 3 && time.Since(last) > wait {
				asked, last = 1, time.Now()
			}
			if most := 3 + 2*24; asked > most {
				t.Errorf("%d requests within the %s that they were told to wait", asked, wait)
			}
			return &answer{status: http.StatusTooManyRequests, code: api.CodeRateLimited, retryAfter: wait}
		})
		s.play(evening{rate: 2, length: 5 * time.Minute})
		if total := s.count(""); total < 25 {
			t.Errorf("%d requests in all", total)
		}
	})
}

func TestFloor_AnOldTokenIsReplacedAndTheSessionKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		s.play(evening{rate: 0.2, length: 4 * time.Minute, during: func(show *Show) {
			time.Sleep(2 * time.Minute)
			sessions, logIns := s.count("start a session"), s.count("log in")
			in := show.Stats().LoggedIn
			revoked := s.revokeAll()
			time.Sleep(30 * time.Second)
			if got := s.count("log in") - logIns; got < in || got > revoked+2 {
				t.Errorf("%d log-ins of %d agents after %d tokens were revoked", got, in, revoked)
			}
			if got := s.count("start a session") - sessions; got > 1 {
				t.Errorf("%d sessions were started anew", got)
			}
			if live := s.live(t); live < in-1 {
				t.Errorf("%d of %d are live half a minute after their tokens were revoked", live, in)
			}
		}})
		s.noWrong()
	})
}

func TestFloor_DoesNotHammerAServerThatKnowsNobody(t *testing.T) {
	t.Parallel()
	answers := map[string]*answer{
		"every token is refused":     {status: http.StatusUnauthorized, code: api.CodeBadCredentials},
		"nobody has a right":         {status: http.StatusForbidden, code: api.CodeForbidden},
		"there is nothing":           {status: http.StatusNotFound, code: api.CodeNotFound},
		"every session has ended":    {status: http.StatusNotFound, code: api.CodeSessionEnded},
		"every session is taken":     {status: http.StatusConflict, code: api.CodeSessionSuperseded},
		"work never ends":            {status: http.StatusConflict, code: api.CodeWorkOpen},
		"something answers nonsense": {status: http.StatusTeapot},
		"the server breaks":          {status: http.StatusInternalServerError, code: api.CodeInternal},
		"nobody can read it":         {status: http.StatusOK},
	}
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		for _, only := range []string{"", "log in", "start a session", "stream", "heartbeat", "go", "work"} {
			t.Run(fmt.Sprintf("%s %s", name, only), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const agents, minutes = 5, 5
					s := newServer(t, agents)
					seen := 0
					s.set(func(what string, _ *http.Request) *answer {
						if only != "" && what != only {
							return nil
						}
						s.mu.Lock()
						defer s.mu.Unlock()
						seen++
						return answers[name]
					})
					_, log := s.play(evening{rate: 0.5, length: minutes * time.Minute})
					most := 12.0
					if answers[name].status == http.StatusUnauthorized && only == "heartbeat" {
						most *= 4 // the SDK asks again with up to three fresh tokens
					}
					if rate := float64(seen) / (agents + 1) / minutes; rate > most {
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

func TestFloor_WhoIsThrownOutNoticesAtOnceAndComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		s.play(evening{rate: 0.2, length: 4 * time.Minute, during: func(show *Show) {
			time.Sleep(2 * time.Minute)
			supervisor := s.client("supervisor@demo.example")
			for key, agent := range s.now() {
				if agent.Session != nil {
					end := sdk.SetPresenceStateParams{AgentID: key.Agent.String(), State: api.StateOffline, ForceLogout: true}
					if _, err := supervisor.Session.SetPresenceState(t.Context(), end); err != nil {
						t.Error(err)
					}
				}
			}
			time.Sleep(time.Second)
			if stats := show.Stats(); stats.LoggedIn > 0 {
				t.Errorf("a second after all sessions ended: %s", stats)
			}
			time.Sleep(time.Minute)
			if stats := show.Stats(); stats.LoggedIn < 22 {
				t.Errorf("a minute after all sessions ended: %s", stats)
			}
		}})
		s.noWrong()
	})
}

func TestFloor_ShowsAtOnceWhatASupervisorDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		s.play(evening{rate: 0.05, length: 4 * time.Minute, during: func(show *Show) {
			time.Sleep(3 * time.Minute)
			supervisor := s.client("supervisor@demo.example")
			before, put := show.Stats().Ready, 0
			for key, agent := range s.now() {
				if agent.State() == presence.Ready && put < 5 {
					put++
					stop := sdk.SetPresenceStateParams{AgentID: key.Agent.String(), State: api.StateNotReady}
					if _, err := supervisor.Session.SetPresenceState(t.Context(), stop); err != nil {
						t.Error(err)
					}
				}
			}
			time.Sleep(time.Second)
			if after := show.Stats().Ready; put < 5 || after != before-put {
				t.Errorf("of %d ready agents %d were made not ready, and %d are ready", before, put, after)
			}
		}})
	})
}

func TestFloor_LeavesAnAccountToWhoTookItOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 1)
		stats, _ := s.play(evening{rate: 0.01, length: 10 * time.Minute, during: func(show *Show) {
			time.Sleep(time.Minute)
			person := s.client(Username(0, 1))
			if _, err := person.Session.SetActiveTenant(t.Context(), sdk.SetActiveTenantParams{TenantID: s.tenant.String()}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			if stats := show.Stats(); stats.LoggedIn != 0 {
				t.Errorf("a second after the account was taken over: %s", stats)
			}
			sessions := s.count("start a session")
			time.Sleep(soonestAfterTakeover - 2*time.Second)
			if got := s.count("start a session") - sessions; got != 0 {
				t.Error("the simulated agent took the account back at once")
			}
		}})
		if stats.LoggedIn != 1 {
			t.Errorf("in the end: %s", stats)
		}
	})
}
