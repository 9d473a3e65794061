package demo_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/demo"
)

// play runs a show for so long, with something beside it.
func play(t *testing.T, o demo.Options, length time.Duration, during func(*demo.Show)) *demo.Show {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	defer o.Client.CloseIdleConnections()
	show := demo.New(o)
	ended := make(chan error)
	go func() { ended <- show.Run(ctx) }()
	if during != nil {
		during(show)
	}
	if err := <-ended; err != nil {
		t.Errorf("the show ended with: %v", err)
	}
	return show
}

func TestShow_LivesInARealServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 24
		s := newServer(t, agents)
		var log bytes.Buffer
		show := play(t, s.options(agents, 6, &log), 3*time.Minute, func(show *demo.Show) {
			time.Sleep(20 * time.Second)
			if stats := show.Stats(); stats.LoggedIn < 20 || stats.Ready < 8 || stats.OnCalls < 4 {
				t.Errorf("after 20 s: %s", stats)
			}
		})
		if stats := show.Stats(); stats.Agents != agents || stats.Changes < 6*3*60*7/10 {
			t.Errorf("in the end %d changes: %s", stats.Changes, stats)
		}
		if text := log.String(); strings.Contains(text, "WARN") || strings.Contains(text, "ERROR") {
			t.Errorf("logged:\n%s", text)
		}
		for _, operation := range []string{
			"createToken", "login", "getConfig", "updateMember", "startSession", "heartbeat",
			"setState", "setDirection", "listFloor", "putWork", "deleteWork",
		} {
			if s.served.times(operation, http.StatusOK) == 0 {
				t.Errorf("nobody asked for %s", operation)
			}
		}
		s.served.each(func(operation string, status, times int) {
			switch {
			case status == http.StatusOK:
			case operation == "setState" && status == http.StatusConflict && times < 20: // work_open
			case operation == "putWork" && status == http.StatusNotFound && times < 20: // the session has ended
			case operation == "deleteWork" && status == http.StatusNotFound && times < 20:
			default:
				t.Errorf("%d × %s was answered %d", times, operation, status)
			}
		})
	})
}

func TestShow_RidesOutARestartOfARealServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 12
		s := newServer(t, agents)
		var log bytes.Buffer
		show := play(t, s.options(agents, 1, &log), 4*time.Minute, func(show *demo.Show) {
			time.Sleep(time.Minute)
			before := show.Stats()
			s.wire.cut()
			s.stop()
			time.Sleep(time.Minute)
			s.start()
			sessions := s.served.times("startSession", http.StatusOK)
			time.Sleep(30 * time.Second)
			after := show.Stats()
			if after.LoggedIn < before.LoggedIn-2 || after.Changes == before.Changes {
				t.Errorf("before the restart %s, after it %s", before, after)
			}
			if fresh := s.served.times("startSession", http.StatusOK) - sessions; fresh > agents/3 {
				t.Errorf("%d sessions were started anew", fresh)
			}
		})
		if stats := show.Stats(); stats.OnCalls == 0 {
			t.Errorf("in the end: %s", stats)
		}
		if lines := strings.Count(log.String(), "\n"); lines == 0 || lines > 60 {
			t.Errorf("%d lines were logged:\n%s", lines, log.String())
		}
	})
}

func TestShow_GoesOnWhereAnEarlierOneStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 12
		s := newServer(t, agents)
		var log bytes.Buffer
		play(t, s.options(agents, 1, &log), time.Minute, nil)
		show := play(t, s.options(agents, 1, &log), 2*time.Minute, nil)
		if stats := show.Stats(); stats.LoggedIn < agents-4 || stats.OnCalls == 0 {
			t.Errorf("in the end: %s", stats)
		}
		if text := log.String(); strings.Contains(text, "WARN") {
			t.Errorf("logged:\n%s", text)
		}
	})
}

func TestShow_RefusesOptionsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	sound := demo.Options{BaseURL: "http://127.0.0.1:1/v1/", Tenant: "demo", Agents: 1, ChangesPerSecond: 1}
	for what, spoil := range map[string]func(*demo.Options){
		"no address":           func(o *demo.Options) { o.BaseURL = "" },
		"an address of a file": func(o *demo.Options) { o.BaseURL = "file:///v1/" },
		"fewer than no agents": func(o *demo.Options) { o.Agents = -1 },
		"too many agents":      func(o *demo.Options) { o.Agents = demo.MaxAgents + 1 },
		"no changes":           func(o *demo.Options) { o.ChangesPerSecond = 0 },
		"no tenant":            func(o *demo.Options) { o.Tenant = "" },
	} {
		spoiled := sound
		spoil(&spoiled)
		if err := demo.New(spoiled).Run(t.Context()); err == nil {
			t.Errorf("%s was accepted", what)
		}
	}
}
