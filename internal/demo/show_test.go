package demo

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestShow_LivesInARealServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, 24)
		stats, log := s.play(evening{rate: 6, length: 3 * time.Minute, during: func(show *Show) {
			time.Sleep(20 * time.Second)
			if stats := show.Stats(); stats.LoggedIn < 20 || stats.Ready < 8 || stats.OnCalls < 4 {
				t.Errorf("after 20 s: %s", stats)
			}
			if live := s.live(t); live < 20 {
				t.Errorf("after 20 s %d agents have a live connection", live)
			}
		}})
		if stats.Agents != 24 || stats.Changes < 6*3*60*7/10 {
			t.Errorf("in the end %d changes: %s", stats.Changes, stats)
		}
		if log != "" {
			t.Errorf("logged:\n%s", log)
		}
		for _, operation := range []string{
			"createToken", "login", "getTenant", "getRegion", "getConfig", "getMember", "updateMember", "startSession", "heartbeat",
			"setState", "setDirection", "putWork", "deleteWork",
		} {
			if s.times(operation, http.StatusOK) == 0 {
				t.Errorf("nobody asked for %s", operation)
			}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for operation, statuses := range s.answered {
			for status, times := range statuses {
				switch {
				case status == http.StatusOK:
				case operation == "setState" && status == http.StatusConflict && times < 20: // work_open
				case operation == "putWork" && status == http.StatusNotFound && times < 20: // the session has ended
				case operation == "deleteWork" && status == http.StatusNotFound && times < 20:
				default:
					t.Errorf("%d × %s was answered %d", times, operation, status)
				}
			}
		}
	})
}

func TestShow_RidesOutARestartOfARealServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 12
		s := newServer(t, agents)
		stats, log := s.play(evening{rate: 1, length: 4 * time.Minute, during: func(show *Show) {
			time.Sleep(time.Minute)
			before := show.Stats()
			s.stop()
			time.Sleep(time.Minute)
			s.start()
			sessions := s.times("startSession", http.StatusOK)
			time.Sleep(30 * time.Second)
			after := show.Stats()
			if after.LoggedIn < before.LoggedIn-2 || after.Changes == before.Changes {
				t.Errorf("before the restart %s, after it %s", before, after)
			}
			if live := s.live(t); live < after.LoggedIn {
				t.Errorf("half a minute after the restart %d have a live connection: %s", live, after)
			}
			if fresh := s.times("startSession", http.StatusOK) - sessions; fresh > agents/3 {
				t.Errorf("%d sessions were started anew", fresh)
			}
		}})
		if stats.OnCalls == 0 {
			t.Errorf("in the end: %s", stats)
		}
		if lines := strings.Count(log, "\n"); lines == 0 || lines > 60 {
			t.Errorf("%d lines were logged:\n%s", lines, log)
		}
		s.noWrong()
	})
}

func TestShow_GoesOnWhereAnEarlierOneStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 12
		s := newServer(t, agents)
		s.play(evening{rate: 1, length: time.Minute})
		stats, log := s.play(evening{rate: 1, length: 2 * time.Minute})
		if stats.LoggedIn < agents-4 || stats.OnCalls == 0 {
			t.Errorf("in the end: %s", stats)
		}
		if log != "" {
			t.Errorf("logged:\n%s", log)
		}
	})
}

func TestShow_RefusesOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	sound := Options{BaseURL: "http://127.0.0.1:1/v1/", Tenant: "demo", Agents: 1, ChangesPerSecond: 1}
	for what, spoil := range map[string]func(*Options){
		"no address":           func(o *Options) { o.BaseURL = "" },
		"an address of a file": func(o *Options) { o.BaseURL = "file:///v1/" },
		"fewer than no agents": func(o *Options) { o.Agents = -1 },
		"too many agents":      func(o *Options) { o.Agents = MaxAgents + 1 },
		"no changes":           func(o *Options) { o.ChangesPerSecond = 0 },
		"no tenant":            func(o *Options) { o.Tenant = "" },
	} {
		spoiled := sound
		spoil(&spoiled)
		if err := New(spoiled).Run(t.Context()); err == nil {
			t.Errorf("%s was accepted", what)
		}
	}
}
