package sdk

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// Authentication logs in and out.
type Authentication struct{ core *core }

// Login logs in. By user name and password it fetches a token, after forgetting whoever was logged in before and stopping what ran
// for them; by a token it takes that. It publishes [TopicTenants] and [TopicLoggedIn]. With NoStateReset it fetches a fresh token and
// publishes [TopicNewToken].
//
// Errors: [CodeParametersInvalid], [CodeTokenRefused] where there is no token for these credentials (a wrong password is status 401),
// [CodeIdentityRefused] where the token's owner cannot be read.
func (a *Authentication) Login(ctx context.Context, p LoginParams) (LoggedIn, error) {
	c := a.core
	ctx, done := c.withLife(ctx)
	defer done()
	if err := p.problems().err(); err != nil {
		return LoggedIn{}, c.fail(TopicLoggedIn, err)
	}
	if p.Token != "" {
		return c.identify(ctx, p.Token, "token")
	}
	if !p.NoStateReset {
		c.forget()
	}
	got, err := c.fetchToken(ctx, p)
	switch {
	case err != nil:
		refused := requestError(CodeTokenRefused, err)
		if answer := refused.Data.APIResponse; answer.Status >= 200 && answer.Status < 300 {
			answer.Body.Response = json.RawMessage("null") // an answer that cannot be read may hold a token all the same
		}
		return LoggedIn{}, c.fail(TopicLoggedIn, refused)
	case p.NoStateReset:
		c.credentials.set(got.Token)
		fresh := LoggedIn{TTL: got.TTL}
		c.publish(TopicNewToken, fresh)
		return fresh, nil
	}
	return c.identify(ctx, got.Token, "username")
}

func (p LoginParams) problems() (found problems) {
	if p.Token != "" {
		if p.Username != "" || p.Password != "" {
			found.add("token goes without username and password")
		}
		if strings.ContainsFunc(p.Token, func(r rune) bool { return r <= ' ' || r > '~' }) {
			found.add("token must be one word of plain letters")
		}
		return found
	}
	found.text("username", p.Username)
	found.text("password", p.Password)
	if p.TTL < 0 {
		found.add("ttl must be a number of seconds above 0")
	}
	return found
}

func (c *core) fetchToken(ctx context.Context, p LoginParams) (api.TokenResponse, error) {
	wanted := api.TokenRequest{Username: p.Username, Password: p.Password}
	if p.TTL > 0 {
		wanted.TTL = &p.TTL
	}
	r := c.ask(http.MethodPost, wanted, "tokens")
	r.Anonymous = true
	var got api.TokenResponse
	err := c.rest.Do(ctx, r, &got)
	return got, err
}

// identify asks who the token's owner is and takes both.
func (c *core) identify(ctx context.Context, token, auth string) (LoggedIn, error) {
	r := c.ask(http.MethodPost, nil, "login")
	r.Token = token
	who, err := rest.Result[api.UserIdentity](ctx, c.rest, r)
	if err != nil {
		return LoggedIn{}, c.fail(TopicLoggedIn, requestError(CodeIdentityRefused, err))
	}
	c.credentials.set(token)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.user != who.UserID { // what runs is somebody else's: nobody can keep it any more
		c.forgetUser()
	}
	c.identity, c.user = &who, who.UserID
	c.uploads.is(who.UserID)
	in := LoggedIn{UserIdentity: &who, Auth: auth}
	c.publish(TopicTenants, who.Tenants)
	c.publish(TopicLoggedIn, in)
	return in, nil
}

// forget forgets whoever was logged in and stops what ran for them, without a word to the server. Configuration, locale and
// monitored interaction survive.
func (c *core) forget() {
	c.mu.Lock()
	c.forgetUser()
	c.mu.Unlock()
	c.credentials.set("")
}

// forgetUser is forget without the token, for whoever holds mu.
func (c *core) forgetUser() {
	if c.session != nil {
		c.session.stop()
	}
	c.user, c.identity, c.tenant, c.last = "", nil, "", sessionName{}
	c.uploads.is("")
	c.departures++
}

// GetAuthInfo reads what a log-in page needs to begin single sign-on. It needs no token. It publishes [TopicAuthInfo].
//
// Errors: [CodeParametersInvalid], [CodeAuthInfoUnread].
func (a *Authentication) GetAuthInfo(ctx context.Context, p GetAuthInfoParams) (AuthInfo, error) {
	c := a.core
	ctx, done := c.withLife(ctx)
	defer done()
	if err := p.problems().err(); err != nil {
		return AuthInfo{}, c.fail(TopicAuthInfo, err)
	}
	path := []string{"auth-info", p.Username}
	if p.Username == "" {
		path = []string{"auth-info", p.TenantID}
		if p.IDPID != "" {
			path = append(path, p.IDPID)
		}
	}
	r := c.ask(http.MethodGet, nil, path...)
	r.Anonymous = true
	info, err := rest.Result[api.AuthInfo](ctx, c.rest, r)
	if err != nil {
		return AuthInfo{}, c.fail(TopicAuthInfo, requestError(CodeAuthInfoUnread, err))
	}
	answer := AuthInfo{Result: info}
	c.publish(TopicAuthInfo, answer)
	return answer, nil
}

func (p GetAuthInfoParams) problems() (found problems) {
	switch {
	case p.Username != "" && (p.TenantID != "" || p.IDPID != ""):
		found.add("username goes without tenantId and idpId")
	case p.Username != "":
	case p.TenantID == "":
		found.add("username must be a string, or tenantId a uuid")
	default:
		found.id("tenantId", p.TenantID)
		found.optionalID("idpId", p.IDPID)
	}
	return found
}

// UpdateDefaultTenant changes the tenant that the user begins with. It publishes [TopicDefault].
//
// Errors: [CodeParametersInvalid], [CodeDefaultTenant].
func (a *Authentication) UpdateDefaultTenant(ctx context.Context, p UpdateDefaultTenantParams) (UpdatedUser, error) {
	c := a.core
	ctx, done := c.withLife(ctx)
	defer done()
	var found problems
	found.id("tenantId", p.TenantID)
	user := c.activeUser()
	if user == "" {
		found.add("nobody is logged in: call Login first")
	}
	if err := found.err(); err != nil {
		return UpdatedUser{}, c.fail(TopicDefault, err)
	}
	result, err := rest.Result[api.User](ctx, c.rest, c.ask(http.MethodPut, api.UpdateUserRequest{DefaultTenant: p.TenantID}, "users", user))
	if err != nil {
		return UpdatedUser{}, c.fail(TopicDefault, requestError(CodeDefaultTenant, err))
	}
	answer := UpdatedUser{Result: result}
	c.publish(TopicDefault, answer)
	return answer, nil
}

// PopIdentityPage begins single sign-on in a window. This version of Muster has no single sign-on, and it always fails with
// [CodeIdentityWindow], which says so. Topic: [TopicIdentity].
func (a *Authentication) PopIdentityPage(context.Context) error {
	return a.core.fail(TopicIdentity, newError(CodeIdentityWindow, ErrorData{Problems: "single sign-on is not there yet: log in by user name and password, or by a token"}))
}

func (c *core) activeUser() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.user
}
