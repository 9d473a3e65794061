package demo

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/sdk"
)

// What the demo's tenant has as its settings.
const (
	lostAfter = 500 * time.Millisecond
	endAfter  = 5 * time.Minute
)

func TestSettings_OfTheDemoAreThoseOfTheTests(t *testing.T) {
	t.Parallel()
	s := newServer(t, 0)
	tenant, err := s.kept.Tenant(t.Context(), s.tenant)
	if err != nil {
		t.Fatal(err)
	}
	got := tenant.Settings
	if got.LostAfter != lostAfter || got.EndAfter != endAfter {
		t.Errorf("%+v", got)
	}
}

func TestFloor_MakesAboutAsManyChangesASecondAsWereAskedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		agents int
		rate   float64
		length time.Duration
	}{{24, 2, 10 * time.Minute}, {24, 0.5, 30 * time.Minute}, {24, 20, 2 * time.Minute}, {100, 10, 3 * time.Minute}} {
		t.Run(fmt.Sprintf("%d agents at %g", c.agents, c.rate), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newServer(t, c.agents)
				opening := c.length / 10
				var before uint64
				stats, log := s.play(evening{rate: c.rate, length: c.length, during: func(show *Show) {
					time.Sleep(opening)
					before = show.Stats().Changes
				}})
				got := float64(stats.Changes-before) / (c.length - opening).Seconds()
				if got < 0.8*c.rate || got > 1.2*c.rate {
					t.Errorf("%.2f changes a second, not %g", got, c.rate)
				}
				made := s.changes(presence.KindSessionStarted, presence.KindStateSet, presence.KindDirectionSet,
					presence.KindWorkReported, presence.KindWorkEnded)
				if most := stats.Changes + uint64(c.agents); uint64(made) > most || uint64(made) < stats.Changes*9/10 {
					t.Errorf("the show counts %d changes, the server %d", stats.Changes, made)
				}
				if log != "" {
					t.Errorf("logged: %s", log)
				}
				s.noWrong()
			})
		})
	}
}

func TestFloor_IsALivelyOneAfterSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		s.play(evening{rate: 2, length: 11 * time.Second, during: func(show *Show) {
			time.Sleep(10 * time.Second)
			if stats := show.Stats(); stats.LoggedIn < 22 || stats.Ready < 12 || stats.OnCalls < 1 {
				t.Errorf("after 10 s: %s", stats)
			}
			if live := s.live(t); live < 22 {
				t.Errorf("after 10 s %d agents have a live connection", live)
			}
		}})
	})
}

func TestFloor_ShowsAllThatPeopleDo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		unseen := func() []string {
			seen := s.doings()
			return slices.DeleteFunc([]string{
				"ready ", "notready Lunch", "notready Short break", "notready Screen break", "notready Training", "notready Meeting", "notready Letters",
				"outbound", "agent-initiated", "inbound", "lost", "live", "ended logged_out",
			}, func(what string) bool { return seen[what] })
		}
		s.play(evening{rate: 6, length: 12 * time.Minute, until: func() bool { return len(unseen()) == 0 }})
		for _, what := range unseen() {
			t.Errorf("nobody was seen: %s", what)
		}
		s.noWrong()
	})
}

func TestFloor_CountsWhatTheServerHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 60)
		s.play(evening{rate: 5, length: 8 * time.Minute, during: func(show *Show) {
			supervisor := s.client("supervisor@demo.example")
			for range 7 {
				time.Sleep(time.Minute)
				page, err := supervisor.Floor.List(t.Context(), sdk.ListParams{Limit: 1000})
				if err != nil {
					t.Fatal(err)
				}
				var got Stats
				for _, row := range page.Rows {
					if row.SessionID != nil && row.Connection == api.ConnectionLive {
						got.LoggedIn++
						if row.State == api.StateReady {
							got.Ready++
						}
					}
					if len(row.Work) > 0 {
						got.OnCalls++
					}
				}
				stats := show.Stats()
				near := func(what string, shown, there int) {
					t.Helper()
					if shown-there > 2 || there-shown > 2 {
						t.Errorf("%s: the board shows %d, the server has %d", what, shown, there)
					}
				}
				near("logged in", stats.LoggedIn, got.LoggedIn)
				near("ready", stats.Ready, got.Ready)
				near("on calls", stats.OnCalls, got.OnCalls)
			}
		}})
	})
}

func TestFloor_HundredsOfAgentsDoNotOverrunTheServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 200
		s := newServer(t, agents)
		opening := agents*logInEvery + 10*time.Second
		_, log := s.play(evening{rate: 20, length: opening + 20*time.Second, during: func(show *Show) {
			time.Sleep(opening)
			if stats := show.Stats(); stats.LoggedIn < agents*9/10 {
				t.Errorf("after the opening: %s", stats)
			}
			if live := s.live(t); live < agents*9/10 {
				t.Errorf("after the opening %d agents have a live connection", live)
			}
		}})
		if turnedAway := s.times("createToken", 503); turnedAway > 0 {
			t.Errorf("%d log-ins were turned away", turnedAway)
		}
		if log != "" {
			t.Errorf("logged: %s", log)
		}
		s.noWrong()
	})
}

// Passwords take a server so long that thousands of people would come for minutes.
func TestFloor_PeopleWhoAreGivenTokensAreInWithinSecondsAndNeedNoPassword(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 200
		s := newServer(t, agents)
		stats, _ := s.play(evening{rate: 20, length: 4 * time.Minute, tokens: true, during: func(show *Show) {
			time.Sleep(5 * time.Second)
			if stats := show.Stats(); stats.LoggedIn < agents*9/10 {
				t.Errorf("after 5 s: %s", stats)
			}
			time.Sleep(2 * time.Minute)
			if s.revokeAll() < agents/2 {
				t.Error("few tokens were good")
			}
		}})
		if asked := s.count("log in"); asked != 0 {
			t.Errorf("%d log-ins with a password", asked)
		}
		if stats.LoggedIn < agents*7/10 {
			t.Errorf("after their tokens were revoked: %s", stats)
		}
		s.noWrong()
	})
}

// A supervisor who wants to listen must not find calls of seconds only.
func TestFloor_AlwaysHasACallToListenTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		const minutes = 30
		lasted := 0
		s.play(evening{rate: 2, length: (minutes + 2) * time.Minute, during: func(*Show) {
			time.Sleep(30 * time.Second)
			supervisor := s.client("supervisor@demo.example")
			before := s.onAir(t, supervisor)
			for range minutes {
				time.Sleep(time.Minute)
				now := s.onAir(t, supervisor)
				if len(now) == 0 {
					t.Error("there is a moment with nobody on a call")
				}
				for interaction := range before {
					if now[interaction] {
						lasted++
						break
					}
				}
				before = now
			}
		}})
		if lasted < minutes-2 {
			t.Errorf("in %d of %d minutes only there was a call that lasted for it", lasted, minutes)
		}
	})
}

// onAir are the interactions that are active.
func (s *server) onAir(t *testing.T, supervisor *sdk.Client) map[string]bool {
	t.Helper()
	page, err := supervisor.Floor.List(t.Context(), sdk.ListParams{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	active := make(map[string]bool)
	for _, row := range page.Rows {
		for _, work := range row.Work {
			if work.State == api.WorkStateActive {
				active[work.InteractionID] = true
			}
		}
	}
	return active
}

func TestFloor_DeadBrowsersAreNoticedWithinHalfASecondAndSomeResume(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 50)
		deaths := 0
		s.play(evening{rate: 8, length: 15 * time.Minute, during: func(show *Show) {
			for range 350 {
				before := show.Stats().BrowsersDown
				time.Sleep(time.Second)
				after := show.Stats()
				if after.BrowsersDown <= before {
					continue
				}
				deaths++
				time.Sleep(lostAfter)
				if now := show.Stats(); now.BrowsersDown == after.BrowsersDown && s.live(t) > now.LoggedIn {
					t.Errorf("%d agents are live half a second after a browser was closed: %s", s.live(t), now)
				}
			}
		}})
		resumed, left := 0, 0
		for _, gone := range s.absences() {
			if !gone.resumed {
				left++
				continue
			}
			if resumed++; gone.length < soonestReturn-lostAfter || gone.length > latestReturn+time.Second {
				t.Errorf("somebody was gone for %s and then resumed", gone.length)
			}
		}
		if deaths < 5 || resumed < 4 || left < 2 {
			t.Errorf("%d browsers died and nothing else happened in that second, %d resumed, %d sessions were replaced or left behind", deaths, resumed, left)
		}
	})
}

func TestFloor_WithoutAgentsWaitsForTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 0)
		stats, _ := s.play(evening{rate: 2, length: time.Minute})
		if asked := s.count(""); asked != 0 || stats != (Stats{}) {
			t.Errorf("nobody sent %d requests: %s", asked, stats)
		}
	})
}
