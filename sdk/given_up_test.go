package sdk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// gaveUp is a client whose caller gave up entering the tenant while the session was asked for.
func gaveUp(t *testing.T) *entering {
	t.Helper()
	e := enterSlowly(t, "POST session")
	e.giveUp()
	synctest.Wait()
	select {
	case err := <-e.failed:
		if !errors.Is(err, context.Canceled) || !errors.Is(err, CodeSessionNotStarted) {
			t.Errorf("giving up ends with %v", err)
		}
	default:
		t.Fatal("who gives up has to wait for the answer")
	}
	return e
}

// The server starts the session, whether anybody waits for the answer or not, and would offer it work until it is silent for too long.
func TestSetActiveTenant_EndsTheSessionOfACallThatWasGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := gaveUp(t)
		var heard ear
		mustSubscribe(t, e.client, TopicAll, heard.hear)
		e.let()
		synctest.Wait()
		if bodies := e.forStates(); len(bodies) != 1 || !strings.Contains(bodies[0], mine) || !strings.Contains(bodies[0], `"state":"offline"`) {
			t.Errorf("requests for a state are %q, want one that ends the session by its id", bodies)
		}
		if e.client.core.live() != nil || len(heard.topics()) > 0 {
			t.Errorf("the client goes on with the session, or tells of it: %v", heard.topics())
		}
	})
}

func TestSetActiveTenant_WaitsForTheEndOfTheSessionThatWasGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := gaveUp(t)
		before := len(e.asked())
		again := make(chan error, 1)
		go func() {
			again <- second(e.client.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant}))
		}()
		synctest.Wait()
		if asked := e.asked()[before:]; len(asked) > 0 {
			t.Errorf("before it is known whether there is a session to end, the next call sends %q", asked)
		}
		e.let()
		if err := <-again; err != nil {
			t.Fatalf("the next call ends with %v", err)
		}
		if asked := e.asked()[before:]; asked[0] != "POST "+me || e.client.core.live() == nil {
			t.Errorf("requests after giving up are %q, want the end of the session first", asked)
		}
	})
}

func TestSetActiveTenant_EndsNothingWhereNoSessionBeganForWhoGaveUp(t *testing.T) {
	t.Parallel()
	for name, slow := range map[string]string{"it was refused": "POST session", "it was not asked for": "GET config"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := enterSlowly(t, slow)
				e.mu.Lock()
				e.full = true
				e.mu.Unlock()
				e.giveUp()
				if err := <-e.failed; !errors.Is(err, context.Canceled) {
					t.Errorf("giving up ends with %v", err)
				}
				e.let()
				synctest.Wait()
				if bodies := e.forStates(); len(bodies) > 0 {
					t.Errorf("requests for a state are %q", bodies)
				}
				if err := second(e.client.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant, NoSession: true})); err != nil {
					t.Errorf("the next call ends with %v", err)
				}
			})
		})
	}
}

// The session that is remembered was there before the call, and is not the call's to end.
func TestSetActiveTenant_LeavesTheSessionThatWouldHaveBeenResumed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		point := ResumePoint{BaseURL: "http://muster.test/v1/", UserID: me, TenantID: theTenant, SessionID: mine}
		c := s.client(t, func(o *Options) { o.Resume, o.BaseURL = fixed{point}, point.BaseURL })
		if err := second(c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"})); err != nil {
			t.Fatal(err)
		}
		s.hang(func(line string) bool { return line == "GET "+me })
		ctx, giveUp := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			failed <- second(c.Session.SetActiveTenant(ctx, SetActiveTenantParams{TenantID: theTenant, Resume: true}))
		}()
		synctest.Wait()
		if s.times("GET "+me) != 1 {
			t.Fatal("nobody asks whether the session lives")
		}
		giveUp()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("giving up ends with %v", err)
		}
		synctest.Wait()
		if started, ended := s.times("POST session"), s.times("POST "+me); started+ended > 0 {
			t.Errorf("%d sessions are started and %d ended", started, ended)
		}
	})
}

type fixed struct{ point ResumePoint }

func (f fixed) Load() (ResumePoint, error) { return f.point, nil }
func (f fixed) Save(ResumePoint) error     { return nil }

// Who closes the client leaves the session to its lease, and may take it up.
func TestClose_LeavesTheSessionOfACallThatWasGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := gaveUp(t)
		began := time.Now()
		e.client.Close()
		if took := time.Since(began); took > goodbye {
			t.Errorf("closing takes %s", took)
		}
		e.let()
		synctest.Wait()
		if bodies := e.forStates(); len(bodies) > 0 {
			t.Errorf("requests for a state are %q", bodies)
		}
	})
}

func TestLogout_WaitsForTheSessionThatWasGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := gaveUp(t)
		left := make(chan error, 1)
		go func() { left <- second(e.client.Authentication.Logout(t.Context())) }()
		synctest.Wait()
		e.let()
		if err := <-left; err != nil {
			t.Errorf("the log-out ends with %v", err)
		}
		if bodies := e.forStates(); len(bodies) < 2 || !strings.Contains(bodies[len(bodies)-1], mine) {
			t.Errorf("log-outs went out as %q, want the last to name the session", bodies)
		}
	})
}

// The session whose place another was to take hears what happened meanwhile when that is over.
func TestSetActiveTenant_HoldsWhatTheSessionBeforeHearsUntilTheAnswerToWhoGaveUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		answered := make(chan struct{})
		s.answers(func(line, _ string) (int, string) {
			if line == "POST session" {
				<-answered
			}
			return 0, ""
		})
		var states ear
		mustSubscribe(t, c, TopicState, states.hear)
		ctx, giveUp := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			failed <- second(c.Session.SetActiveTenant(ctx, SetActiveTenantParams{TenantID: theTenant, SilentMonitoring: true}))
		}()
		synctest.Wait()
		giveUp()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("giving up ends with %v", err)
		}
		s.tell(2, string(text("resource-state-change", mine, `,"state":"ready"`)))
		synctest.Wait()
		if n := len(states.topics()); n != 0 {
			t.Errorf("%d states are told before the answer", n)
		}
		close(answered)
		synctest.Wait()
		if n := len(states.topics()); n != 1 {
			t.Errorf("%d states are told after the answer, want one", n)
		}
	})
}

// The token is another's by then, and what it may do is no business of this session.
func TestSetActiveTenant_EndsNoSessionAsSomebodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := gaveUp(t)
		e.client.Session.SetUserIdentity(t.Context(), SetUserIdentityParams{UserID: "0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c12"})
		e.let()
		synctest.Wait()
		if bodies := e.forStates(); len(bodies) > 0 {
			t.Errorf("requests for a state are %q", bodies)
		}
	})
}
