package sdk_test

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/muster-presence/muster/sdk"
)

// function calls a function of the SDK with the parameters of a script.
type function func(ctx context.Context, c *sdk.Client, params json.RawMessage) (response any, err error)

// goFunctions are the functions that scripts call, under the contract's names. Where a script's null is "" in Go, it is made null.
func goFunctions() map[string]function {
	return map[string]function{
		"authentication.login":               with((*sdk.Authentication).Login, authentication),
		"authentication.logout":              without((*sdk.Authentication).Logout, authentication),
		"authentication.getAuthInfo":         with((*sdk.Authentication).GetAuthInfo, authentication),
		"authentication.updateDefaultTenant": with((*sdk.Authentication).UpdateDefaultTenant, authentication),
		"authentication.popIdentityPage":     identityPage,

		"session.setActiveTenant":           with((*sdk.Session).SetActiveTenant, session),
		"session.goReady":                   with((*sdk.Session).GoReady, session),
		"session.goNotReady":                with((*sdk.Session).GoNotReady, session),
		"session.setDirection":              with((*sdk.Session).SetDirection, session),
		"session.setPresenceState":          with((*sdk.Session).SetPresenceState, session),
		"session.getTenantDetails":          without((*sdk.Session).GetTenantDetails, session),
		"session.getRunningSessionState":    without((*sdk.Session).GetRunningSessionState, session),
		"session.getUserConfig":             without((*sdk.Session).GetUserConfig, session),
		"session.getActiveUserId":           getter((*sdk.Session).GetActiveUserID),
		"session.getActiveTenantId":         getter((*sdk.Session).GetActiveTenantID),
		"session.getToken":                  getter((*sdk.Session).GetToken),
		"session.getSSOToken":               getter((*sdk.Session).GetSSOToken),
		"session.getSsoToken":               getter((*sdk.Session).GetSSOToken),
		"session.getDefaultExtension":       getter((*sdk.Session).GetDefaultExtension),
		"session.getExtensions":             getter((*sdk.Session).GetExtensions),
		"session.getMonitoredInteraction":   getter((*sdk.Session).GetMonitoredInteraction),
		"session.clearMonitoredInteraction": clearMonitored,
		"session.setToken":                  setter("token", (*sdk.Session).SetToken),
		"session.setUserIdentity":           setter("userId", (*sdk.Session).SetUserIdentity),
		"session.setLocale":                 setter("locale", (*sdk.Session).SetLocale),

		"interactions.voice.silentMonitor":  with((*sdk.Voice).SilentMonitor, voice),
		"interactions.voice.resourceRemove": with((*sdk.Voice).ResourceRemove, voice),

		"floor.list":        with((*sdk.Floor).List, func(c *sdk.Client) *sdk.Floor { return c.Floor }),
		"floor.reasonLists": with((*sdk.Floor).ReasonLists, func(c *sdk.Client) *sdk.Floor { return c.Floor }),
		"floor.why":         with((*sdk.Floor).Why, func(c *sdk.Client) *sdk.Floor { return c.Floor }),
		"work.report":       with((*sdk.Work).Report, func(c *sdk.Client) *sdk.Work { return c.Work }),
		"work.end":          endWork,
		"dumpState":         func(_ context.Context, c *sdk.Client, _ json.RawMessage) (any, error) { return c.DumpState(), nil },
	}
}

func authentication(c *sdk.Client) *sdk.Authentication { return c.Authentication }
func session(c *sdk.Client) *sdk.Session               { return c.Session }
func voice(c *sdk.Client) *sdk.Voice                   { return c.Interactions.Voice }

// with calls a function that takes parameters. Their names in Go are those of the contract but for the case.
func with[M, P, R any](call func(M, context.Context, P) (R, error), module func(*sdk.Client) M) function {
	return func(ctx context.Context, c *sdk.Client, params json.RawMessage) (any, error) {
		p, err := parameters[P](params)
		if err != nil {
			return nil, err
		}
		return call(module(c), ctx, p)
	}
}

func parameters[P any](text json.RawMessage) (p P, err error) {
	if len(text) == 0 {
		return p, nil
	}
	if err := strictly(text, &p); err != nil {
		return p, fmt.Errorf("Go has no such parameters: %w", err)
	}
	return p, nil
}

func without[M, R any](call func(M, context.Context) (R, error), module func(*sdk.Client) M) function {
	return func(ctx context.Context, c *sdk.Client, _ json.RawMessage) (any, error) { return call(module(c), ctx) }
}

func getter[R any](call func(*sdk.Session, context.Context) R) function {
	return func(ctx context.Context, c *sdk.Client, _ json.RawMessage) (any, error) {
		return nullForEmpty(call(c.Session, ctx)), nil
	}
}

// setter calls a function whose one parameter scripts may give as it is, or in an object under its name.
func setter[P any](name string, call func(*sdk.Session, context.Context, P) string) function {
	return func(ctx context.Context, c *sdk.Client, params json.RawMessage) (any, error) {
		if text, ok := decoded(params).(string); ok {
			params, _ = json.Marshal(map[string]string{name: text}) // a text can be written
		}
		p, err := parameters[P](params)
		if err != nil {
			return nil, err
		}
		return nullForEmpty(call(c.Session, ctx, p)), nil
	}
}

func nullForEmpty(value any) any {
	if value == "" {
		return nil
	}
	return value
}

func clearMonitored(ctx context.Context, c *sdk.Client, _ json.RawMessage) (any, error) {
	c.Session.ClearMonitoredInteraction(ctx)
	return nil, nil
}

func identityPage(ctx context.Context, c *sdk.Client, _ json.RawMessage) (any, error) {
	return nil, c.Authentication.PopIdentityPage(ctx)
}

func endWork(ctx context.Context, c *sdk.Client, params json.RawMessage) (any, error) {
	p, err := parameters[sdk.EndWorkParams](params)
	if err != nil {
		return nil, err
	}
	return nil, c.Work.End(ctx, p)
}
