package sdk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

// entering is a client on its way into a tenant, whose request for a line is answered when it is let.
type entering struct {
	client *Client
	let    func()
	giveUp func()
	failed chan error

	mu     sync.Mutex // guards the fields below
	away   bool       // what would end a session is not answered
	full   bool       // no session is started
	live   bool       // on the server
	bodies []string   // of requests for a state
	lines  []string   // of all requests
}

// forStates are the bodies of the requests for a state so far.
func (e *entering) forStates() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.bodies)
}

// asked is all requests so far.
func (e *entering) asked() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.lines)
}

func enterSlowly(t *testing.T, slow string) *entering {
	t.Helper()
	s := newSmallServer(t)
	answered := make(chan struct{})
	e := &entering{client: s.client(t), let: sync.OnceFunc(func() { close(answered) }), failed: make(chan error, 1)}
	t.Cleanup(e.let)
	s.answers(func(line, body string) (int, string) {
		e.mu.Lock()
		e.lines = append(e.lines, line)
		e.mu.Unlock()
		if line == slow {
			<-answered
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		switch line {
		case "POST session":
			if e.full {
				return http.StatusForbidden, `{"error":{"code":"forbidden","message":"No."}}`
			}
			e.live = true
		case "POST " + me:
			e.bodies = append(e.bodies, body)
			if e.away {
				return http.StatusBadGateway, ""
			}
			if !e.live {
				return http.StatusNotFound, `{"error":{"code":"no_session","message":"There is no session."}}`
			}
			return http.StatusOK, `{"result":{"resourceId":"` + me + `","sessionId":"` + mine + `","state":"offline","availableStates":[]}}`
		}
		return 0, ""
	})
	if _, err := e.client.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"}); err != nil {
		t.Fatal(err)
	}
	ctx, giveUp := context.WithCancel(context.WithoutCancel(t.Context()))
	e.giveUp = giveUp
	t.Cleanup(giveUp)
	go func() {
		e.failed <- second(e.client.Session.SetActiveTenant(ctx, SetActiveTenantParams{TenantID: theTenant}))
	}()
	synctest.Wait()
	return e
}

func (e *entering) wantNobodyIn(t *testing.T) {
	t.Helper()
	if err := <-e.failed; !errors.Is(err, CodeParametersInvalid) {
		t.Errorf("entering the tenant ends with %v, want %v", err, CodeParametersInvalid)
	}
	synctest.Wait()
	if e.client.core.live() != nil {
		t.Error("a session has begun all the same")
	}
}

// Nobody would know of a session that begins after its agent has logged out: it would be offered work that nobody takes.
func TestLogout_EndsTheSessionThatIsBeingStarted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := enterSlowly(t, "POST session")
		left := make(chan error, 1)
		go func() {
			state, err := e.client.Authentication.Logout(t.Context())
			if err == nil && state.State != api.StateOffline {
				err = errors.New(string(state.State))
			}
			left <- err
		}()
		synctest.Wait()
		if n := len(e.forStates()); n != 1 {
			t.Errorf("%d log-outs went out before the session began, want one at once", n)
		}
		e.let()
		if err := <-left; err != nil {
			t.Errorf("the log-out ends with %v", err)
		}
		e.wantNobodyIn(t)
		if bodies := e.forStates(); len(bodies) != 2 || !strings.Contains(bodies[len(bodies)-1], mine) {
			t.Errorf("log-outs went out as %q, want a second that names the session", bodies)
		}
	})
}

// Sent again, it would end whatever session there is by then.
func TestLogout_IsNotSentAgainWhereItNamesNoSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := enterSlowly(t, "POST session")
		e.mu.Lock()
		e.away = true
		e.mu.Unlock()
		left := make(chan error, 1)
		go func() { left <- second(e.client.Authentication.Logout(t.Context())) }()
		time.Sleep(5 * time.Second)
		e.mu.Lock()
		e.away = false
		unnamed := len(e.bodies)
		e.mu.Unlock()
		if unnamed != 1 {
			t.Errorf("the log-out was sent %d times before the session had a name, want once", unnamed)
		}
		e.let()
		e.wantNobodyIn(t)
		if err := <-left; err != nil {
			t.Errorf("the log-out ends with %v", err)
		}
	})
}

func TestLogout_HasNobodyGoOnIntoATenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := enterSlowly(t, "GET "+theTenant)
		if err := second(e.client.Authentication.Logout(t.Context())); err != nil {
			t.Errorf("the log-out ends with %v", err)
		}
		e.let()
		e.wantNobodyIn(t)
		if e.live {
			t.Error("a session was asked for")
		}
	})
}

// The log-out could not wait, so the next one has to know which session it is about.
func TestLogout_NamesTheSessionThatBeganWithoutItsAgent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := enterSlowly(t, "POST session")
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { left <- second(e.client.Authentication.Logout(ctx)) }()
		synctest.Wait()
		cancel()
		<-left
		e.let()
		e.wantNobodyIn(t)
		if err := second(e.client.Authentication.Logout(t.Context())); err != nil {
			t.Errorf("the next log-out ends with %v", err)
		}
		bodies := e.forStates()
		if last := bodies[len(bodies)-1]; !strings.Contains(last, mine) {
			t.Errorf("the next log-out is %q, and does not name the session", last)
		}
	})
}

func TestLogin_HasNobodyGoOnIntoATenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := enterSlowly(t, "GET "+theTenant)
		if err := second(e.client.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"})); err != nil {
			t.Fatal(err)
		}
		e.let()
		e.wantNobodyIn(t)
		if e.live {
			t.Error("a session was asked for")
		}
	})
}

func TestSetUserIdentity_LeavesTheSessionOfThePersonBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		for _, same := range []string{me, strings.ToUpper(me)} {
			c.Session.SetUserIdentity(t.Context(), SetUserIdentityParams{UserID: same})
			if c.core.live() == nil {
				t.Errorf("the same identity again, as %s, ends the session", same)
			}
		}
		c.Session.SetUserIdentity(t.Context(), SetUserIdentityParams{UserID: "0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c12"})
		if c.core.live() != nil || c.core.tenant != "" || c.core.credentials.Token() == "" {
			t.Error("another identity keeps session or tenant, or loses the token")
		}
	})
}

func TestSetPresenceState_KnowsTheOwnSessionInAnyCase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		s.answers(func(line, _ string) (int, string) {
			if line == "POST "+me {
				return http.StatusOK, `{"result":{"state":"offline","sessionId":"` + mine + `","endCode":"logged_out"}}`
			}
			return 0, ""
		})
		if _, err := c.Session.SetPresenceState(t.Context(), SetPresenceStateParams{State: api.StateOffline, SessionID: strings.ToUpper(mine)}); err != nil {
			t.Fatal(err)
		}
		if c.core.live() != nil {
			t.Error("the session goes on in the client")
		}
	})
}

// What goes wrong before there is a tenant is what somebody reads the logs for.
func TestUploads_WaitForTheTenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		refuses := true
		s.answers(func(line, _ string) (int, string) {
			if line == "POST tokens" && refuses {
				refuses = false
				return http.StatusUnauthorized, `{"error":{"code":"bad_credentials","message":"Wrong."}}`
			}
			return 0, ""
		})
		c := s.client(t)
		if err := second(c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"})); !errors.Is(err, CodeTokenRefused) {
			t.Fatalf("the first log-in ends with %v", err)
		}
		time.Sleep(2 * uploadPause)
		enterTenant(t, c)
		time.Sleep(2 * uploadPause)
		if n := s.times("POST logs"); n != 1 {
			t.Errorf("logs were uploaded %d times, want once", n)
		}
	})
}

func TestUploads_AreNotMadeAsSomebodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const other = "0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c12"
		for before, want := range map[string]int{me: 1, other: 0} {
			s := newSmallServer(t)
			c := s.client(t)
			c.Session.SetUserIdentity(t.Context(), SetUserIdentityParams{UserID: before})
			_ = second(c.Session.GoReady(t.Context(), GoReadyParams{})) // without a tenant
			enterTenant(t, c)
			time.Sleep(2 * uploadPause)
			if n := s.times("POST logs"); n != want {
				t.Errorf("what %s was told was uploaded as %s in %d requests, want %d", before, me, n, want)
			}
		}
	})
}
