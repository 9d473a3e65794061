package sdk

import (
	"context"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// GoReady makes the own session ready to be offered work, at the extension with that value or id. Where it is another than the
// active one, that is changed first, and [TopicExtension] and [TopicConfig] are published. It publishes [TopicStateAsked]; the
// change itself comes on [TopicState].
//
// Errors: [CodeParametersInvalid], [CodeExtensionsUnread], [CodeExtensionUnknown], [CodeExtensionUnsaved], [CodeConfigUnread],
// [CodeStateRefused].
func (s *Session) GoReady(ctx context.Context, p GoReadyParams) (api.PresenceState, error) {
	var found problems
	found.text("extensionValue", p.ExtensionValue)
	return inTurn(ctx, s.core, TopicStateAsked, CodeStateRefused, found, func(ctx context.Context, own ownAgent) (api.PresenceState, *Error) {
		if err := s.core.takeExtension(ctx, own, p.ExtensionValue); err != nil {
			return api.PresenceState{}, err
		}
		return s.core.setState(ctx, own, CodeStateRefused, api.SetStateRequest{State: api.StateReady})
	})
}

// GoNotReady makes the own session not ready, at once and on a call too, for a reason of the user's lists or for none. It
// publishes [TopicStateAsked]; the change itself comes on [TopicState].
//
// Errors: [CodeParametersInvalid], [CodeReasonUnknown], [CodeStateRefused].
func (s *Session) GoNotReady(ctx context.Context, p GoNotReadyParams) (api.PresenceState, error) {
	change := api.SetStateRequest{State: api.StateNotReady}
	var found problems
	if r := p.ReasonInfo; r != nil {
		found.text("reasonInfo.reason", r.Reason)
		found.id("reasonInfo.reasonId", r.ReasonID)
		found.id("reasonInfo.reasonListId", r.ReasonListID)
		change.Reason, change.ReasonID, change.ReasonListID = &r.Reason, &r.ReasonID, &r.ReasonListID
	}
	return inTurn(ctx, s.core, TopicStateAsked, CodeStateRefused, found, func(ctx context.Context, own ownAgent) (api.PresenceState, *Error) {
		if p.ReasonInfo != nil && !own.hasReason(*p.ReasonInfo) {
			return api.PresenceState{}, newError(CodeReasonUnknown, ErrorData{ValidReasons: own.config.ReasonLists})
		}
		return s.core.setState(ctx, own, CodeStateRefused, change)
	})
}

// setState asks for a state of the own session.
func (c *core) setState(ctx context.Context, own ownAgent, code Code, change api.SetStateRequest) (api.PresenceState, *Error) {
	change.SessionID = own.sessionID()
	state, err := rest.Result[api.PresenceState](ctx, c.rest, c.change(change, "tenants", own.tenant, "presence", own.user))
	if err != nil {
		own.judgeFailure(err)
		return state, requestErrorWith(code, ErrorData{ActiveInteractions: failureWork(err)}, err)
	}
	own.answered(state, TopicState)
	return state, nil
}
