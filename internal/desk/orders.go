package desk

import (
	"context"
	"encoding/json"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// do carries out what a caller asks for.
func (h *holder) do(ctx context.Context, r Request) (any, error) {
	switch r.Do {
	case DoStatus:
		return h.status(), nil
	case DoReady:
		return h.ready(ctx, r.Extension)
	case DoNotReady:
		return h.notReady(ctx, r.Reason)
	case DoDirection:
		return h.client.Session.SetDirection(ctx, sdk.SetDirectionParams{Direction: r.Direction})
	case DoWhy:
		return h.client.Floor.Why(ctx, sdk.WhyParams{})
	case DoLogout:
		return h.logout(ctx, r.Force)
	}
	return nil, problem(0, "the desk does not know how to do that")
}

func (h *holder) status() Status { return h.board.status(h.order.Desk, h.now()) }

func (h *holder) watch() (Opening, <-chan Told, func()) {
	opening, events := h.board.watch(h.order.Desk, h.now())
	return opening, events, func() { h.board.unwatch(events) }
}

// ready goes ready at an extension: the named one, else the active one, else the first.
func (h *holder) ready(ctx context.Context, extension string) (api.PresenceState, error) {
	config := h.board.configuration()
	switch {
	case extension != "":
	case config.ActiveExtension != nil:
		extension = config.ActiveExtension.Value
	case len(config.Extensions) > 0:
		extension = config.Extensions[0].Value
	default:
		return api.PresenceState{}, problem(sdk.CodeExtensionUnknown, "you have no extension to be ready at: somebody must give you one")
	}
	return h.client.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: extension})
}

func (h *holder) notReady(ctx context.Context, name string) (api.PresenceState, error) {
	var p sdk.GoNotReadyParams
	if name != "" {
		reason, err := FindReason(h.board.configuration().ReasonLists, name)
		if err != nil {
			return api.PresenceState{}, err
		}
		p.ReasonInfo = &reason
	}
	return h.client.Session.GoNotReady(ctx, p)
}

// logout ends the session. Its caller is answered when the end is noted, so that a command that follows finds it so.
func (h *holder) logout(ctx context.Context, force bool) (state api.PresenceState, err error) {
	if force {
		state, err = h.client.Session.SetPresenceState(ctx, sdk.SetPresenceStateParams{State: api.StateOffline, ForceLogout: true})
	} else {
		state, err = h.client.Authentication.Logout(ctx)
	}
	if err != nil || state.State != api.StateOffline {
		return state, err
	}
	timer := time.NewTimer(tellsFirst)
	defer timer.Stop()
	select {
	case <-h.over:
	case <-timer.C:
	}
	return state, nil
}

// marshalled is a value as JSON; null for what has none.
func marshalled(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		return json.RawMessage("null")
	}
	return text
}
