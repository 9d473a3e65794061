package sdk

import (
	"context"
	"net/http"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// GetActiveUserID is the user's id, "" before it is known. It publishes [TopicActiveUser].
func (s *Session) GetActiveUserID(context.Context) string {
	user := s.core.activeUser()
	s.core.publish(TopicActiveUser, orNil(user))
	return user
}

// GetActiveTenantID is the active tenant's id, "" before one is. It publishes [TopicActiveTenant].
func (s *Session) GetActiveTenantID(context.Context) string {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.core.publish(TopicActiveTenant, orNil(s.core.tenant))
	return s.core.tenant
}

// GetToken is the present token, "" before there is one. It publishes [TopicToken], without the token.
func (s *Session) GetToken(context.Context) string {
	s.core.publish(TopicToken, nil)
	return s.core.credentials.Token()
}

// SetToken brings a token: requests that wait for one go on, and open streams are told. It publishes [TopicTokenSet], without the
// token.
func (s *Session) SetToken(_ context.Context, p SetTokenParams) string {
	s.core.credentials.set(p.Token)
	s.core.publish(TopicTokenSet, nil)
	return p.Token
}

// GetSSOToken is the token of single sign-on: "" as long as Muster has none. It publishes [TopicSSOToken].
func (s *Session) GetSSOToken(context.Context) string {
	s.core.publish(TopicSSOToken, nil)
	return ""
}

// SetUserIdentity says whom the client acts for, where it was not this client that logged in. Another than before is another person: the
// client leaves session and tenant of the one before, as Login does, and keeps the token. It publishes [TopicUserIdentity].
func (s *Session) SetUserIdentity(_ context.Context, p SetUserIdentityParams) string {
	p.UserID = strings.ToLower(p.UserID) // as the server writes it, for whatever it is compared with
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if s.core.user != p.UserID {
		s.core.forgetUser()
	}
	s.core.user = p.UserID
	s.core.uploads.is(p.UserID)
	s.core.publish(TopicUserIdentity, orNil(p.UserID))
	return p.UserID
}

// SetLocale sets the locale. It publishes [TopicLocale].
func (s *Session) SetLocale(_ context.Context, p SetLocaleParams) string {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.core.locale = p.Locale
	s.core.publish(TopicLocale, orNil(p.Locale))
	return p.Locale
}

// GetDefaultExtension is the first of the user's extensions, nil where there is none or the configuration is not there yet. It
// publishes [TopicDefaultExtension].
func (s *Session) GetDefaultExtension(context.Context) *api.Extension {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if s.core.config == nil || len(s.core.config.Extensions) == 0 {
		s.core.publish(TopicDefaultExtension, nil)
		return nil
	}
	first := s.core.config.Extensions[0]
	s.core.publish(TopicDefaultExtension, first)
	return &first
}

// GetExtensions are the user's extensions, nil before the configuration is there. It publishes [TopicExtensions].
func (s *Session) GetExtensions(context.Context) []api.Extension {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if s.core.config == nil {
		s.core.publish(TopicExtensions, nil)
		return nil
	}
	extensions := append([]api.Extension{}, s.core.config.Extensions...)
	s.core.publish(TopicExtensions, extensions)
	return extensions
}

// GetMonitoredInteraction is the interaction that is listened to, "" for none. It publishes [TopicMonitored].
func (s *Session) GetMonitoredInteraction(context.Context) string {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.core.publish(TopicMonitored, orNil(s.core.monitored))
	return s.core.monitored
}

// ClearMonitoredInteraction forgets the interaction that is listened to; it ends nothing. It publishes [TopicMonitoredCleared].
func (s *Session) ClearMonitoredInteraction(context.Context) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.core.monitored = ""
	s.core.publish(TopicMonitoredCleared, nil)
}

// orNil is null on the wire where the text is empty.
func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// GetTenantDetails reads the details of the user's tenants. It publishes [TopicDetails].
//
// Errors: [CodeDetailsUnread].
func (s *Session) GetTenantDetails(ctx context.Context) (TenantDetails, error) {
	c := s.core
	ctx, done := c.withLife(ctx)
	defer done()
	details, err := rest.Result[[]api.TenantDetails](ctx, c.rest, c.ask(http.MethodGet, nil, "me"))
	if err != nil {
		return TenantDetails{}, c.fail(TopicDetails, requestError(CodeDetailsUnread, err))
	}
	answer := TenantDetails{Details: details}
	c.publish(TopicDetails, answer)
	return answer, nil
}

// GetRunningSessionState asks the server for the user's session in the active tenant. It publishes [TopicRunning].
//
// Errors: [CodeParametersInvalid] where no tenant is active, [CodeRunningStateUnread].
func (s *Session) GetRunningSessionState(ctx context.Context) (RunningSession, error) {
	c := s.core
	ctx, done := c.withLife(ctx)
	defer done()
	user, tenant, problem := c.whoAndWhere()
	if problem != nil {
		return RunningSession{}, c.fail(TopicRunning, problem)
	}
	state, err := rest.Result[api.PresenceState](ctx, c.rest, c.ask(http.MethodGet, nil, "tenants", tenant, "presence", user))
	if err != nil {
		return RunningSession{}, c.fail(TopicRunning, requestError(CodeRunningStateUnread, err))
	}
	answer := RunningSession{State: state.State, SessionID: state.SessionID}
	c.publish(TopicRunning, answer)
	return answer, nil
}

// GetUserConfig reads the user's configuration in the active tenant anew. It publishes [TopicUserConfig].
//
// Errors: [CodeParametersInvalid] where no tenant is active, [CodeUserConfigUnread].
func (s *Session) GetUserConfig(ctx context.Context) (UserConfig, error) {
	c := s.core
	ctx, done := c.withLife(ctx)
	defer done()
	user, tenant, problem := c.whoAndWhere()
	if problem != nil {
		return UserConfig{}, c.fail(TopicUserConfig, problem)
	}
	session := c.live()
	config, err := c.readConfig(ctx, user, tenant, session != nil && session.silent)
	if err != nil {
		return UserConfig{}, c.fail(TopicUserConfig, requestError(CodeUserConfigUnread, err))
	}
	answer := UserConfig{Result: config}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tenant == tenant {
		c.config = &config
	}
	c.publish(TopicUserConfig, answer)
	return answer, nil
}
