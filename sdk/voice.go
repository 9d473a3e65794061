package sdk

import (
	"context"
	"net/http"

	"github.com/muster-presence/muster/api"
)

// Interactions are what agents work on.
type Interactions struct {
	// Voice is what a supervisor does with calls.
	Voice *Voice
}

// Voice is what a supervisor does with calls.
type Voice struct{ core *core }

// SilentMonitor listens to an interaction, at the chosen extension or the active one, unheard and unseen by its agent. It publishes
// [TopicMonitoringAsked]; the beginning itself comes on [TopicMonitoringStarted]. The interaction becomes the monitored one.
//
// Errors: [CodeParametersInvalid], [CodeMonitoringExtension], [CodeMonitoringRefused].
func (v *Voice) SilentMonitor(ctx context.Context, p SilentMonitorParams) (Monitoring, error) {
	c := v.core
	ctx, done := c.withLife(ctx)
	defer done()
	own, failed := c.monitoringAgent(p.InteractionID)
	if failed != nil {
		return Monitoring{}, c.fail(TopicMonitoringAsked, failed)
	}
	extension, ok := own.listeningAt(p.ChosenExtension)
	if !ok {
		return Monitoring{}, c.fail(TopicMonitoringAsked, newError(CodeMonitoringExtension, ErrorData{InteractionID: p.InteractionID, Extensions: own.config.Extensions}))
	}
	if own.session != nil {
		own.session.hold()
		defer own.session.release()
	}
	body := interrupt(api.InterruptTypeSilentMonitoring, api.Interrupt{
		ResourceID: &own.user, SessionID: own.sessionID(),
		ActiveExtension: &api.ExtensionChoice{ID: &extension.ID, Type: &extension.Type, Value: &extension.Value},
	})
	if err := c.interrupt(ctx, own, p.InteractionID, body); err != nil {
		return Monitoring{}, c.fail(TopicMonitoringAsked, requestErrorWith(CodeMonitoringRefused, ErrorData{InteractionID: p.InteractionID}, err))
	}
	answer := Monitoring{InteractionID: p.InteractionID, ResourceID: own.user, ActiveExtension: &extension, SessionID: own.sessionID()}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.monitored = p.InteractionID
	c.publish(TopicMonitoringAsked, answer)
	return answer, nil
}

// ResourceRemove leaves an interaction that is listened to. It publishes [TopicRemovalAsked]; the end itself comes on
// [TopicMonitoringEnded].
//
// Errors: [CodeParametersInvalid], [CodeRemovalRefused].
func (v *Voice) ResourceRemove(ctx context.Context, p ResourceRemoveParams) (Removal, error) {
	c := v.core
	ctx, done := c.withLife(ctx)
	defer done()
	own, failed := c.monitoringAgent(p.InteractionID)
	if failed != nil {
		return Removal{}, c.fail(TopicRemovalAsked, failed)
	}
	if own.session != nil {
		own.session.hold()
		defer own.session.release()
	}
	body := interrupt(api.InterruptTypeRemoveResource, api.Interrupt{ResourceID: &own.user, SessionID: own.sessionID(), TargetResource: &own.user})
	if err := c.interrupt(ctx, own, p.InteractionID, body); err != nil {
		return Removal{}, c.fail(TopicRemovalAsked, requestErrorWith(CodeRemovalRefused, ErrorData{InteractionID: p.InteractionID}, err))
	}
	answer := Removal{InteractionID: p.InteractionID, ResourceID: own.user, TargetResource: own.user}
	c.publish(TopicRemovalAsked, answer)
	return answer, nil
}

func (c *core) monitoringAgent(interaction string) (ownAgent, *Error) {
	var found problems
	found.id("interactionId", interaction)
	if err := found.err(); err != nil {
		return ownAgent{}, err
	}
	return c.ownAgent()
}

// listeningAt is the extension with that value or id; for "" the active one, or the first.
func (o ownAgent) listeningAt(chosen string) (api.Extension, bool) {
	switch {
	case chosen != "":
		return findExtension(o.config.Extensions, chosen)
	case o.config.ActiveExtension != nil:
		return *o.config.ActiveExtension, true
	case len(o.config.Extensions) > 0:
		return o.config.Extensions[0], true
	}
	return api.Extension{}, false
}

func interrupt(kind api.InterruptType, what api.Interrupt) api.InterruptRequest {
	return api.InterruptRequest{Source: api.InterruptSourceClient, InterruptType: kind, Interrupt: what}
}

func (c *core) interrupt(ctx context.Context, own ownAgent, interaction string, body api.InterruptRequest) error {
	err := c.rest.Do(ctx, c.ask(http.MethodPost, body, "tenants", own.tenant, "interactions", interaction, "interrupts"), nil)
	if err != nil {
		own.judgeFailure(err)
	}
	return err
}
