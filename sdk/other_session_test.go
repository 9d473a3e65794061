package sdk

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

const superseded = `{"error":{"code":"session_superseded","message":"A newer session lives."}}`

// Whoever was superseded and then logs out, as programs do at their end, must not end the session of the desk that the user sits at now:
// a request without a session would.
func TestSupersededClient_LeavesTheOtherDesksSessionAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		var mu sync.Mutex
		var bodies []string
		s.answers(func(line, body string) (int, string) {
			switch line {
			case "POST heartbeat":
				return http.StatusConflict, superseded
			case "POST " + me:
				mu.Lock()
				defer mu.Unlock()
				bodies = append(bodies, body)
				return http.StatusConflict, superseded
			}
			return 0, ""
		})
		c.core.live().keeper.suspect()
		synctest.Wait()
		if c.core.live() != nil {
			t.Fatal("the session is not gone")
		}
		if _, err := c.Session.GoNotReady(t.Context(), GoNotReadyParams{}); !errors.Is(err, CodeStateRefused) {
			t.Errorf("going not ready: %v", err)
		}
		if state, err := c.Authentication.Logout(t.Context()); err != nil || state.State != api.StateOffline {
			t.Errorf("the log-out gives %v, %v", state.State, err)
		}
		if len(bodies) != 2 {
			t.Fatalf("%d requests go out", len(bodies))
		}
		for _, body := range bodies {
			if !strings.Contains(body, mine) {
				t.Errorf("a request does not name the session that is over: %s", body)
			}
		}
	})
}

// A snapshot without the session makes the client ask. A question that fails is asked again, though the socket is open.
func TestDoubt_OutlivesAHeartbeatThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		var beats ear
		mustSubscribe(t, c, TopicHeartbeat, beats.hear)
		synctest.Wait()
		fails := true
		s.answers(func(line, _ string) (int, string) {
			switch {
			case line != "POST heartbeat":
				return 0, ""
			case fails:
				fails = false
				return http.StatusServiceUnavailable, ""
			}
			return http.StatusNotFound, `{"error":{"code":"session_ended","message":"The session has ended."}}`
		})
		c.core.live().keeper.suspect()
		time.Sleep(time.Minute)
		synctest.Wait()
		if c.core.live() != nil {
			t.Error("the client believes in a session that the server does not know")
		}
	})
}

func TestSetActiveTenant_FailsWhereTheAnswerNamesNoSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		s.answers(func(line, _ string) (int, string) {
			if line == "POST session" {
				return http.StatusOK, `{"result":{}}`
			}
			return 0, ""
		})
		c := s.client(t)
		if _, err := c.Authentication.Login(t.Context(), LoginParams{Token: "t"}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant}); !errors.Is(err, CodeSessionNotStarted) {
			t.Errorf("it ends with %v", err)
		}
	})
}

// The session of whoever was there before is not handed to the next.
func TestLogin_ByAnothersTokenStopsTheSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		if _, err := c.Authentication.Login(t.Context(), LoginParams{Token: "mine, renewed"}); !errors.Is(err, CodeParametersInvalid) {
			t.Fatal(err)
		}
		if _, err := c.Authentication.Login(t.Context(), LoginParams{Token: "renewed"}); err != nil || c.core.live() == nil {
			t.Fatalf("one's own token stops the session: %v", err)
		}
		s.answers(func(line, _ string) (int, string) {
			if line == "POST login" {
				return http.StatusOK, `{"result":{"userId":"` + theTenant + `","tenants":[]}}`
			}
			return 0, ""
		})
		if _, err := c.Authentication.Login(t.Context(), LoginParams{Token: "anothers"}); err != nil {
			t.Fatal(err)
		}
		if c.core.live() != nil {
			t.Error("the session goes on for another user")
		}
	})
}

func TestSetActiveTenant_KnowsTheTenantInAnyCase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		before := c.core.live()
		if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: strings.ToUpper(theTenant)}); err != nil {
			t.Fatal(err)
		}
		if c.core.live() != before {
			t.Error("the session was not kept")
		}
	})
}

// Listening may end before its request is answered. What is listened to is then nothing.
func TestSilentMonitor_ThatEndsBeforeItsAnswerIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		var told ear
		mustSubscribe(t, c, "cxengage/interactions", told.hear)
		s.answers(func(line, _ string) (int, string) {
			if line == "POST interrupts" {
				for i, kind := range []string{"start", "end"} {
					s.tell(2+i, `{"type":"agent-notification","notificationType":"silent-monitor-`+kind+`","interactionId":"`+theTenant+`","resourceId":"`+me+`","sessionId":"`+mine+`","timestamp":"2000-01-01T00:00:00.000Z"}`)
				}
				time.Sleep(time.Second)
			}
			return 0, ""
		})
		if _, err := c.Interactions.Voice.SilentMonitor(t.Context(), SilentMonitorParams{InteractionID: theTenant}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := c.core.monitored; got != "" {
			t.Error("the interaction that has ended is listened to")
		}
		if got := told.topics(); len(got) != 3 || got[0] != TopicMonitoringAsked {
			t.Errorf("told is %v", got)
		}
	})
}

// A session that others see is not taken for one that they do not.
func TestSetActiveTenant_ResumesNoSessionOfTheOtherKind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t, func(o *Options) { o.Resume = new(remembering) })
		synctest.Wait()
		if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant, SilentMonitoring: true, Resume: true}); err != nil {
			t.Fatal(err)
		}
		if n := s.times("POST session"); n != 2 {
			t.Errorf("%d sessions were asked for", n)
		}
	})
}

type remembering struct {
	mu    sync.Mutex
	point ResumePoint
}

func (r *remembering) Load() (ResumePoint, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.point, nil
}

func (r *remembering) Save(point ResumePoint) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.point = point
	return nil
}

// The log is the caller's: one that uses the client, or blocks, holds nobody up.
func TestLog_ThatUsesTheClientHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c *Client
		var log strings.Builder
		c = idle(t, func(o *Options) {
			o.Log = slog.New(slog.NewTextHandler(writer(func(p []byte) { c.DumpState(); c.Unsubscribe(0); log.Write(p) }), nil))
		})
		release := make(chan struct{})
		mustSubscribe(t, c, TopicAll, func(Event) { <-release })
		publishLocales(c, 1)
		synctest.Wait()
		publishLocales(c, mostWaiting+1)
		synctest.Wait()
		close(release)
		if !strings.Contains(log.String(), "too slow") {
			t.Errorf("the log says %q", log.String())
		}
	})
}

type writer func([]byte)

func (w writer) Write(p []byte) (int, error) { w(p); return len(p), nil }
