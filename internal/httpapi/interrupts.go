package httpapi

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

func interrupt(c *call) (any, error) {
	interaction, err := c.pathID("interactionId")
	if err != nil {
		return nil, err
	}
	var request struct {
		Source        *api.InterruptSource `json:"source"`
		InterruptType api.InterruptType    `json:"interruptType"`
		Interrupt     *api.Interrupt       `json:"interrupt"`
	}
	if _, err := c.decode(&request); err != nil {
		return nil, err
	}
	switch {
	case request.Source == nil:
		return nil, missing("source")
	case *request.Source != api.InterruptSourceClient:
		return nil, badRequest("source", "The field source must be client.")
	case request.Interrupt == nil:
		return nil, missing("interrupt")
	}
	if err := c.onlySelf("interrupt.resourceId", request.Interrupt.ResourceID); err != nil {
		return nil, err
	}
	c.targetID, c.target = c.user.ID, c.member
	id := presence.InteractionID{UUID: interaction}
	switch request.InterruptType {
	case api.InterruptTypeSilentMonitoring:
		err = c.startMonitoring(id, *request.Interrupt)
	case api.InterruptTypeRemoveResource:
		err = c.removeResource(id, *request.Interrupt)
	case "":
		err = missing("interruptType")
	default:
		err = badRequest("interruptType", "There is no such interrupt. The interrupts are silent-monitoring and remove-resource.")
	}
	if err != nil {
		return nil, err
	}
	return api.InterruptReceipt{
		InteractionID: id.String(),
		InterruptType: request.InterruptType,
		ResourceID:    c.user.ID.String(),
	}, nil
}

func (c *call) startMonitoring(interaction presence.InteractionID, i api.Interrupt) error {
	session, err := optionalID("interrupt.sessionId", i.SessionID)
	if err != nil {
		return err
	}
	if i.ActiveExtension != nil {
		if _, err := c.chooseExtension("interrupt.activeExtension", *i.ActiveExtension); err != nil {
			return err
		}
	}
	_, err = c.do(presence.StartMonitoring{
		By: c.actor(), Session: presence.SessionID{UUID: session}, Interaction: interaction,
	}, engine.Idempotency{}, c.audited("start_monitoring", map[string]any{"interactionId": interaction}))
	return err
}

// removeResource takes the caller out of the interaction that it monitors. To
// take others out is the telephony's business.
func (c *call) removeResource(interaction presence.InteractionID, i api.Interrupt) error {
	if err := c.onlySelf("interrupt.targetResource", i.TargetResource); err != nil {
		return err
	}
	if _, err := optionalID("interrupt.sessionId", i.SessionID); err != nil {
		return err
	}
	_, err := c.do(presence.EndMonitoring{By: c.actor(), Interaction: interaction},
		engine.Idempotency{}, c.audited("end_monitoring", map[string]any{"interactionId": interaction}))
	return err
}

// onlySelf refuses an id of somebody else than the caller.
func (c *call) onlySelf(attribute string, text *string) error {
	id, err := optionalID(attribute, text)
	if err != nil {
		return err
	}
	if !id.IsZero() && id != c.user.ID.UUID {
		return &fault{body: api.Error{
			Code: api.CodeForbidden, Attribute: attribute, Message: "This is for one's own user only.",
		}}
	}
	return nil
}
