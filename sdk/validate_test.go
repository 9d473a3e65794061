package sdk

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/muster-presence/muster/api"
)

func TestUUID_IsAnyVersionInAnyCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"00000000-0000-0000-0000-000000000000":   true,
		"ffffffff-FFFF-ffff-FFFF-ffffffffffff":   true,
		me:                                       true,
		"":                                       false,
		"0197a3c27e107c3a9d513b8f5e2a4c11":       false,
		"0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c1":    false,
		"0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c111":  false,
		"0197a3c2-7e10-7c3a-9d51+3b8f5e2a4c11":   false,
		"0197a3c-27e10-7c3a-9d51-3b8f5e2a4c11":   false,
		"0197a3g2-7e10-7c3a-9d51-3b8f5e2a4c11":   false,
		"{0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c11}": false,
		"0197a3c2-7e10-7c3a-9d51-3b8f5e2a4cé":    false,
	} {
		if isUUID(text) != want {
			t.Errorf("%q is one: %t", text, !want)
		}
	}
}

// Whatever is wrong, the error names the field and the expected type and never the value.
func TestProblems_NameFieldsAndTypesAndNeverValues(t *testing.T) {
	t.Parallel()
	const value = "s3cr3t"
	var found problems
	found.id("anId", value)
	found.optionalID("anotherId", value)
	found.optionalID("absent", "")
	found.text("aText", "")
	found.direction(value)
	found.state(value)
	found.reason("reasonInfo.", value, value, "")
	if len(found) != 7 {
		t.Errorf("%d problems: %q", len(found), found)
	}
	err := found.err()
	if !errors.Is(err, CodeParametersInvalid) || strings.Contains(err.Error(), value) || err.Data.Problems != strings.Join(found, "; ") {
		t.Errorf("the error is %v", err)
	}
	var none problems
	none.reason("", "", "", "")
	none.reason("", "Lunch", me, me)
	none.direction(api.DirectionAgentInitiated)
	none.state(api.StateNotReady)
	if err := none.err(); err != nil {
		t.Errorf("of nothing wrong: %v", err)
	}
}

// Nothing of this is sent: nobody listens.
func TestCalls_WithWrongParametersFailWithoutANetwork(t *testing.T) {
	t.Parallel()
	const value = "s3cr3t"
	c := idle(t)
	c.Session.SetUserIdentity(t.Context(), SetUserIdentityParams{UserID: me})
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"Login without anything":   func() error { return second(c.Authentication.Login(ctx, LoginParams{})) },
		"Login without a password": func() error { return second(c.Authentication.Login(ctx, LoginParams{Username: value})) },
		"Login by both":            func() error { return second(c.Authentication.Login(ctx, LoginParams{Username: value, Token: value})) },
		"Login with a negative ttl": func() error {
			return second(c.Authentication.Login(ctx, LoginParams{Username: value, Password: value, TTL: -1}))
		},
		"GetAuthInfo of nobody": func() error { return second(c.Authentication.GetAuthInfo(ctx, GetAuthInfoParams{})) },
		"GetAuthInfo of both": func() error {
			return second(c.Authentication.GetAuthInfo(ctx, GetAuthInfoParams{Username: value, TenantID: me}))
		},
		"GetAuthInfo of a name":     func() error { return second(c.Authentication.GetAuthInfo(ctx, GetAuthInfoParams{TenantID: value})) },
		"GetAuthInfo of a provider": func() error { return second(c.Authentication.GetAuthInfo(ctx, GetAuthInfoParams{IDPID: me})) },
		"UpdateDefaultTenant": func() error {
			return second(c.Authentication.UpdateDefaultTenant(ctx, UpdateDefaultTenantParams{TenantID: value}))
		},
		"SetActiveTenant":          func() error { return second(c.Session.SetActiveTenant(ctx, SetActiveTenantParams{TenantID: value})) },
		"GoReady":                  func() error { return second(c.Session.GoReady(ctx, GoReadyParams{})) },
		"GoReady without a tenant": func() error { return second(c.Session.GoReady(ctx, GoReadyParams{ExtensionValue: value})) },
		"GoNotReady without an id": func() error {
			return second(c.Session.GoNotReady(ctx, GoNotReadyParams{ReasonInfo: &ReasonInfo{Reason: value, ReasonListID: me}}))
		},
		"GoNotReady without a name": func() error {
			return second(c.Session.GoNotReady(ctx, GoNotReadyParams{ReasonInfo: &ReasonInfo{ReasonID: me, ReasonListID: me}}))
		},
		"SetDirection": func() error { return second(c.Session.SetDirection(ctx, SetDirectionParams{Direction: value})) },
		"SetDirection of nobody": func() error {
			return second(c.Session.SetDirection(ctx, SetDirectionParams{Direction: "inbound", AgentID: value}))
		},
		"SetPresenceState": func() error { return second(c.Session.SetPresenceState(ctx, SetPresenceStateParams{State: value})) },
		"SetPresenceState, a session": func() error {
			return second(c.Session.SetPresenceState(ctx, SetPresenceStateParams{State: "ready", SessionID: value}))
		},
		"SetPresenceState, a reason": func() error {
			return second(c.Session.SetPresenceState(ctx, SetPresenceStateParams{State: "notready", Reason: value}))
		},
		"GetUserConfig":          func() error { return second(c.Session.GetUserConfig(ctx)) },
		"GetRunningSessionState": func() error { return second(c.Session.GetRunningSessionState(ctx)) },
		"SilentMonitor": func() error {
			return second(c.Interactions.Voice.SilentMonitor(ctx, SilentMonitorParams{InteractionID: value}))
		},
		"ResourceRemove": func() error {
			return second(c.Interactions.Voice.ResourceRemove(ctx, ResourceRemoveParams{InteractionID: value}))
		},
		"List":                func() error { return second(c.Floor.List(ctx, ListParams{TenantID: me, Limit: 1001})) },
		"List of a direction": func() error { return second(c.Floor.List(ctx, ListParams{TenantID: me, Direction: value})) },
		"List of no tenant":   func() error { return second(c.Floor.List(ctx, ListParams{})) },
		"ReasonLists":         func() error { return second(c.Floor.ReasonLists(ctx, ReasonListsParams{TenantID: me, AgentID: value})) },
		"Why":                 func() error { return second(c.Floor.Why(ctx, WhyParams{TenantID: me, AgentID: value})) },
		"Watch":               func() error { return firstError(c.Floor.Watch(ctx, WatchParams{TenantID: value})) },
		"Report":              func() error { return second(c.Work.Report(ctx, ReportWorkParams{TenantID: me})) },
		"End":                 func() error { return c.Work.End(ctx, EndWorkParams{TenantID: me, ResourceID: value}) },
	} {
		err := call()
		if !errors.Is(err, CodeParametersInvalid) || strings.Contains(err.Error(), value) {
			t.Errorf("%s fails with %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func firstError[T any](updates func(func(T, error) bool)) (found error) {
	updates(func(_ T, err error) bool { found = err; return false })
	return found
}

func TestNew_RefusesOptionsThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]Options{
		"no address":          {},
		"a relative address":  {BaseURL: "/v1/"},
		"another scheme":      {BaseURL: "ws://muster.test/v1/"},
		"no host":             {BaseURL: "http:///v1/"},
		"a query":             {BaseURL: "http://muster.test/v1/?x=1"},
		"a fragment":          {BaseURL: "http://muster.test/v1/#x"},
		"no address at all":   {BaseURL: "http://muster.test:port/"},
		"a foreign transport": {BaseURL: "http://muster.test/", Transport: 3},
		"a negative lease":    {BaseURL: "http://muster.test/", Lease: -1},
	} {
		if _, err := New(options); !errors.Is(err, CodeOptionsInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c := idle(t, func(o *Options) { o.BaseURL = "https://muster.test/some/where/v1" })
	if base := c.core.base.String(); base != "https://muster.test/some/where/v1/" {
		t.Errorf("the address is %s", base)
	}
	if _, err := c.Authentication.Login(canceled(t), LoginParams{Username: "a", Password: "b"}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
}

func canceled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
