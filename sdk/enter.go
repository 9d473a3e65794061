package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// SetActiveTenant chooses the tenant to work in, reads what the user needs there, and begins a session unless NoSession is set. It
// publishes, in this order, [TopicTenant], [TopicConfig], [TopicExtension], [TopicStarted], [TopicStateAsked] and the first
// [TopicState], and returns when the agent really is in.
//
// For the tenant that is active already, the session is kept and all of it published anew, unless SilentMonitoring differs. For
// another, the running session is logged out first; while it has open work, nothing changes and [CodeTenantHeld] is returned.
//
// A session that the server starts after ctx has ended is ended again, before the next call's turn.
//
// Errors: [CodeParametersInvalid], [CodeTenantHeld], [CodeTenantUnread], [CodeRegionUnread] on [TopicTenant]; [CodeConfigUnread] on
// [TopicConfig]; [CodeSessionNotStarted] on [TopicStarted]. [CodeExtensionUnsaved] is published on [TopicConfig] where the first
// extension cannot be made the active one, and the session starts all the same.
func (s *Session) SetActiveTenant(ctx context.Context, p SetActiveTenantParams) (ActiveTenant, error) {
	c := s.core
	ctx, done := c.withLife(ctx)
	defer done()
	var found problems
	found.id("tenantId", p.TenantID)
	p.TenantID = strings.ToLower(p.TenantID) // as the server writes it, for whatever it is compared with
	e := c.newEntrance(p)
	if e.user == "" {
		found.add("nobody is logged in: call Login, or SetToken and SetUserIdentity")
	}
	if err := found.err(); err != nil {
		return ActiveTenant{}, c.fail(TopicTenant, err)
	}
	if err := c.turn.take(ctx); err != nil {
		return ActiveTenant{}, c.fail(TopicTenant, requestError(CodeTenantUnread, err))
	}
	session, topic, failed := e.pass(ctx)
	if !e.givenUp {
		c.turn.give()
	}
	if failed != nil {
		return ActiveTenant{}, c.fail(topic, failed)
	}
	if session != nil {
		select {
		case <-session.settled:
		case <-ctx.Done(): // the session has begun, whoever waits for its first state
		}
	}
	return ActiveTenant{TenantID: p.TenantID}, nil
}

// entrance is the way into a tenant.
type entrance struct {
	core       *core
	user       string
	departures int // when the way began
	SetActiveTenantParams
	givenUp bool // while a session was asked for, whose answer is waited for with the turn
}

func (c *core) newEntrance(p SetActiveTenantParams) entrance {
	c.mu.Lock()
	defer c.mu.Unlock()
	return entrance{core: c, user: c.user, departures: c.departures, SetActiveTenantParams: p}
}

// still tells whether whoever is on the way is still logged in. It is for whoever holds the core's mu.
func (e *entrance) still() *Error {
	var found problems
	if e.core.departures != e.departures {
		found.add("the agent has logged out, or somebody has logged in, meanwhile")
	}
	return found.err()
}

// pass goes all the way. It returns the session that the agent is in, nil without one, or the topic of what went wrong.
func (e *entrance) pass(ctx context.Context) (*liveSession, Topic, *Error) {
	if err := e.leaveOther(ctx); err != nil {
		return nil, TopicTenant, err
	}
	if err := e.look(ctx); err != nil {
		return nil, TopicTenant, err
	}
	if err := e.configure(ctx); err != nil {
		return nil, TopicConfig, err
	}
	if e.NoSession {
		return nil, "", nil
	}
	session, err := e.begin(ctx)
	return session, TopicStarted, err
}

// leaveOther logs out of another tenant's session.
func (e *entrance) leaveOther(ctx context.Context) *Error {
	c := e.core
	c.mu.Lock()
	other := c.session
	var open []api.Work
	if other != nil {
		open = other.judge.open()
	}
	c.mu.Unlock()
	if other == nil || other.tenant == e.TenantID {
		return nil
	}
	if len(open) > 0 {
		return newError(CodeTenantHeld, ErrorData{ActiveInteractions: open})
	}
	own := ownAgent{user: e.user, tenant: other.tenant, session: other}
	other.hold()
	defer other.release()
	state, err := c.offline(ctx, own, api.SetStateRequest{State: api.StateOffline})
	switch {
	case err != nil:
		return requestErrorWith(CodeTenantHeld, ErrorData{ActiveInteractions: failureWork(err)}, err)
	case state.State != api.StateOffline: // the log-out waits for work that was not known here
		return c.stay(ctx, own, state)
	}
	c.leave(other, state)
	return nil
}

// stay takes back a log-out that waits, by asking for the state that there is, so that nothing has changed.
func (c *core) stay(ctx context.Context, own ownAgent, now api.PresenceState) *Error {
	again := api.SetStateRequest{State: now.State, Reason: now.Reason, ReasonID: now.ReasonID, ReasonListID: now.ReasonListID}
	if _, failed := c.setState(ctx, own, CodeTenantHeld, again); failed != nil {
		return failed
	}
	return newError(CodeTenantHeld, ErrorData{})
}

// look reads the tenant and its region.
func (e *entrance) look(ctx context.Context) *Error {
	c := e.core
	tenant, err := rest.Result[api.Tenant](ctx, c.rest, c.ask(http.MethodGet, nil, "tenants", e.TenantID))
	if err != nil {
		return requestError(CodeTenantUnread, err)
	}
	if _, err := rest.Result[api.Region](ctx, c.rest, c.ask(http.MethodGet, nil, "regions", tenant.RegionID)); err != nil {
		return requestError(CodeRegionUnread, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := e.still(); err != nil {
		return err
	}
	if c.tenant != e.TenantID {
		c.tenant, c.config = e.TenantID, nil
		c.uploads.resume()
	}
	c.publish(TopicTenant, ActiveTenant{TenantID: e.TenantID})
	return nil
}

// configure reads the configuration. An agent without an active extension gets the first one.
func (e *entrance) configure(ctx context.Context) *Error {
	c := e.core
	config, err := c.readConfig(ctx, e.user, e.TenantID, e.SilentMonitoring)
	if err != nil {
		return requestError(CodeConfigUnread, err)
	}
	if err := e.take(config); err != nil {
		return err
	}
	if config.ActiveExtension != nil || len(config.Extensions) == 0 {
		return nil
	}
	first := config.Extensions[0]
	if err := c.saveExtension(ctx, ownAgent{user: e.user, tenant: e.TenantID}, first); err != nil {
		c.publishError(TopicConfig, requestError(CodeExtensionUnsaved, err))
		return nil
	}
	withActive := config
	withActive.ActiveExtension = &first
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := e.still(); err != nil {
		return err
	}
	c.config = &withActive
	return nil
}

func (e *entrance) take(config api.Config) *Error {
	c := e.core
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := e.still(); err != nil {
		return err
	}
	c.config = &config
	c.publish(TopicConfig, config)
	c.publish(TopicExtension, ExtensionList{ActiveExtension: config.ActiveExtension, Extensions: config.Extensions})
	return nil
}

// begin keeps the session that there is, takes up the one that is remembered, or starts one.
func (e *entrance) begin(ctx context.Context) (*liveSession, *Error) {
	c := e.core
	running := c.live()
	if running != nil && running.silent == e.SilentMonitoring {
		return running, c.announceAgain(running)
	}
	asked, departed := e.startAsking(running)
	if departed != nil {
		return nil, departed
	}
	if running == nil { // else the remembered one would be that whose kind is to change
		if began, ok := e.resume(ctx); ok {
			return asked.enter(began)
		}
	}
	return asked.begin(ctx)
}

var errNoSession = errors.New("the answer names no session")

// start asks for a new session.
func (e *entrance) start(ctx context.Context) (api.Session, error) {
	var body any
	if e.SilentMonitoring {
		body = api.StartSessionRequest{SilentMonitoring: &e.SilentMonitoring}
	}
	c := e.core
	began, err := rest.Result[api.Session](ctx, c.rest, c.change(body, "tenants", e.TenantID, "presence", e.user, "session"))
	if err == nil && (began.SessionID == nil || *began.SessionID == "") {
		err = &rest.Failure{Status: http.StatusOK, StatusText: "unreadable answer", Cause: errNoSession}
	}
	return began, err
}

// resume finds the session that is remembered, if the server still names it.
func (e *entrance) resume(ctx context.Context) (api.Session, bool) {
	c := e.core
	if !e.Resume || c.options.Resume == nil {
		return api.Session{}, false
	}
	point, err := answerOf(ctx, c.callbacks, "Options.Resume.Load", c.options.Resume.Load)
	if err != nil {
		c.log.Warn("what was remembered of a session cannot be read", "error", err)
		return api.Session{}, false
	}
	if point.SessionID == "" || point.BaseURL != c.base.String() || point.UserID != e.user || point.TenantID != e.TenantID {
		return api.Session{}, false
	}
	state, err := rest.Result[api.PresenceState](ctx, c.rest, c.ask(http.MethodGet, nil, "tenants", e.TenantID, "presence", e.user))
	if err != nil || state.SessionID == nil || *state.SessionID != point.SessionID || state.State == api.StateOffline {
		return api.Session{}, false
	}
	return sessionOf(state, e.TenantID, e.SilentMonitoring), true
}

// announceAgain publishes the session that goes on as if it had just begun.
func (c *core) announceAgain(s *liveSession) *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := s.began
	if shown := s.judge.shown; shown != nil {
		now.State, now.AvailableStates, now.Direction = shown.State, shown.AvailableStates, shown.Direction
		now.Reason, now.ReasonID, now.ReasonListID = shown.Reason, shown.ReasonID, shown.ReasonListID
		now.StateSince, now.Pending, now.Cause = shown.StateSince, shown.Pending, shown.Cause
		now.SupervisorID, now.SupervisorName, now.CauseCode = shown.SupervisorID, shown.SupervisorName, ""
	}
	c.publish(TopicStarted, now)
	c.publish(TopicStateAsked, stateOf(now))
	if shown := s.judge.shown; shown != nil {
		c.publish(TopicState, *shown)
	}
	return nil
}

// stateOf is the presence state in a session.
func stateOf(s api.Session) api.PresenceState {
	return api.PresenceState{
		AvailableStates: s.AvailableStates, Cause: s.Cause, CauseCode: s.CauseCode, Connection: s.Connection, Direction: s.Direction,
		DirectionSince: s.DirectionSince, EndCode: s.EndCode, Offerable: s.Offerable, Pending: s.Pending, Reason: s.Reason,
		ReasonID: s.ReasonID, ReasonListID: s.ReasonListID, ResourceID: s.ResourceID, SessionID: s.SessionID, State: s.State,
		StateSince: s.StateSince, SupervisorID: s.SupervisorID, SupervisorName: s.SupervisorName, Timestamp: s.Timestamp,
	}
}

// sessionOf is the session that a presence state is of.
func sessionOf(p api.PresenceState, tenant string, silent bool) api.Session {
	return api.Session{
		AvailableStates: p.AvailableStates, Cause: p.Cause, CauseCode: p.CauseCode, Connection: p.Connection, Direction: p.Direction,
		DirectionSince: p.DirectionSince, EndCode: p.EndCode, Offerable: p.Offerable, Pending: p.Pending, Reason: p.Reason,
		ReasonID: p.ReasonID, ReasonListID: p.ReasonListID, ResourceID: p.ResourceID, SessionID: p.SessionID, State: p.State,
		StateSince: p.StateSince, SupervisorID: p.SupervisorID, SupervisorName: p.SupervisorName, Timestamp: p.Timestamp,

		TenantID: tenant, SilentMonitoring: silent, StartedAt: sessionStart(*p.SessionID), Metadata: json.RawMessage("null"),
	}
}
