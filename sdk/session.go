package sdk

import (
	"context"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// Session is the user's own session in a tenant, and what a supervisor does to others'.
//
// Requests that change state, direction or extension go out one at a time, in the order of the calls. Each is answered by its
// return and on its own topic; what it changed comes afterwards on the topic of that change, as does what others change.
type Session struct{ core *core }

// SetDirection sets which work the own agent takes, or another. It publishes [TopicDirectionAsked]; a change of the own one comes on
// [TopicDirection].
//
// Errors: [CodeParametersInvalid], [CodeDirectionRefused].
func (s *Session) SetDirection(ctx context.Context, p SetDirectionParams) (DirectionSet, error) {
	c := s.core
	var found problems
	found.direction(p.Direction)
	found.optionalID("agentId", p.AgentID)
	found.optionalID("sessionId", p.SessionID)
	return inTurn(ctx, c, TopicDirectionAsked, CodeDirectionRefused, found, func(ctx context.Context, own ownAgent) (DirectionSet, *Error) {
		agent := own.or(p.AgentID)
		body := api.SetDirectionRequest{Direction: p.Direction, InitiatorID: &own.user, SessionID: own.targetSession(agent, p.SessionID)}
		state, err := rest.Result[api.PresenceState](ctx, c.rest, c.change(body, "tenants", own.tenant, "presence", agent, "direction"))
		if err != nil {
			if agent == own.user {
				own.judgeFailure(err)
			}
			return DirectionSet{}, requestError(CodeDirectionRefused, err)
		}
		own.answered(state, TopicDirection)
		return DirectionSet{Direction: state.Direction, SessionID: state.SessionID}, nil
	})
}

// SetPresenceState sets the own state or another agent's. Offline on oneself ends the session as [Authentication.Logout] does. It
// publishes [TopicPresenceAsked]; a change of the own one comes on [TopicState] or [TopicEnded].
//
// Errors: [CodeParametersInvalid], [CodePresenceRefused].
func (s *Session) SetPresenceState(ctx context.Context, p SetPresenceStateParams) (api.PresenceState, error) {
	c := s.core
	var found problems
	found.state(p.State)
	found.optionalID("agentId", p.AgentID)
	found.optionalID("sessionId", p.SessionID)
	found.reason("", p.Reason, p.ReasonID, p.ReasonListID)
	p.SessionID = strings.ToLower(p.SessionID) // as the server writes it, for it may be the own one
	var left *liveSession
	state, err := inTurn(ctx, c, TopicPresenceAsked, CodePresenceRefused, found, func(ctx context.Context, own ownAgent) (state api.PresenceState, _ *Error) {
		agent := own.or(p.AgentID)
		body := p.request()
		body.SessionID = own.targetSession(agent, p.SessionID)
		var err error
		switch {
		case agent == own.user && p.State == api.StateOffline && (p.SessionID == "" || own.session != nil && p.SessionID == own.session.id):
			left = own.session
			state, err = c.offline(ctx, own, body)
		default:
			state, err = rest.Result[api.PresenceState](ctx, c.rest, c.change(body, "tenants", own.tenant, "presence", agent))
			if err != nil && agent == own.user {
				own.judgeFailure(err)
			}
			if err == nil {
				own.answered(state, TopicState)
			}
		}
		if err != nil {
			return state, requestErrorWith(CodePresenceRefused, ErrorData{ActiveInteractions: failureWork(err)}, err)
		}
		return state, nil
	})
	if err == nil {
		c.leave(left, state)
	}
	return state, err
}

func (p SetPresenceStateParams) request() api.SetStateRequest {
	r := api.SetStateRequest{State: p.State}
	if p.ReasonID != "" {
		r.Reason, r.ReasonID, r.ReasonListID = &p.Reason, &p.ReasonID, &p.ReasonListID
	}
	if p.ForceLogout {
		r.ForceLogout = &p.ForceLogout
	}
	return r
}
