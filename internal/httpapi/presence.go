package httpapi

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

func setState(c *call) (any, error) {
	var request api.SetStateRequest
	body, err := c.decode(&request)
	if err != nil {
		return nil, err
	}
	session, err := c.sessionMeant(request.SessionID)
	if err != nil {
		return nil, err
	}
	command, err := c.stateCommand(request, session)
	if err != nil {
		return nil, err
	}
	return c.change(command, body, "set_state", auditedState(command))
}

// auditedState is what the audit tells of a change of state.
func auditedState(command presence.Command) map[string]any {
	switch command := command.(type) {
	case presence.GoNotReady:
		details := map[string]any{"state": presence.NotReady}
		if !command.Reason.IsZero() {
			details["reason"], details["reasonId"] = command.Reason.Name, command.Reason.ID
		}
		return details
	case presence.GoOffline:
		return map[string]any{"state": presence.Offline, "forceLogout": command.Force}
	}
	return map[string]any{"state": presence.Ready}
}

// stateCommand is the command that a request for a state means.
func (c *call) stateCommand(request api.SetStateRequest, session presence.SessionID) (presence.Command, error) {
	switch presence.State(request.State) {
	case presence.Ready:
		return presence.GoReady{By: c.actor(), Session: session, HasExtension: c.target.ActiveExtension != nil}, nil
	case presence.NotReady:
		reason, err := c.reason(request)
		return presence.GoNotReady{By: c.actor(), Session: session, Reason: reason}, err
	case presence.Offline:
		return presence.GoOffline{
			By:      c.actor(),
			Session: session,
			Force:   request.ForceLogout != nil && *request.ForceLogout,
			Wait:    c.tenant.Settings.OfflineWithWork == directory.Wait,
		}, nil
	case "":
		return nil, missing("state")
	}
	return nil, badAttribute(api.CodeUnknownState, "state", "There is no such state. The states are ready, notready and offline.")
}

// reason finds the reason that a request names among the target's.
func (c *call) reason(request api.SetStateRequest) (presence.Reason, error) {
	var query directory.ReasonQuery
	if request.Reason != nil {
		query.Name = *request.Reason
	}
	id, err := optionalID("reasonId", request.ReasonID)
	if err != nil {
		return presence.Reason{}, err
	}
	list, err := optionalID("reasonListId", request.ReasonListID)
	if err != nil {
		return presence.Reason{}, err
	}
	query.ID.UUID, query.List.UUID = id, list
	return c.target.FindReason(c.tenant, query)
}

func getPresence(c *call) (any, error) {
	agent, err := c.server.Engine.Agent(c.ctx(), c.key())
	if err != nil {
		return nil, err
	}
	return c.state(agent, presence.Event{}), nil
}

func setDirection(c *call) (any, error) {
	var request struct {
		Direction *presence.Direction `json:"direction"`
		SessionID *string             `json:"sessionId"`
	}
	body, err := c.decode(&request)
	if err != nil {
		return nil, err
	}
	session, err := c.sessionMeant(request.SessionID)
	if err != nil {
		return nil, err
	}
	direction, err := directionOf(request.Direction)
	if err != nil {
		return nil, err
	}
	command := presence.SetDirection{By: c.actor(), Session: session, Direction: direction}
	return c.change(command, body, "set_direction", map[string]any{"direction": direction})
}

func directionOf(given *presence.Direction) (presence.Direction, error) {
	if given == nil {
		return "", missing("direction")
	}
	for _, known := range presence.Directions() {
		if *given == known {
			return known, nil
		}
	}
	return "", badRequest("direction", "There is no such direction. The directions are %s.", oneOf(presence.Directions()))
}

// sessionMeant is the session that a request names. Callers who change another
// agent often send their own session's id along: it means whichever of the
// target's is live.
func (c *call) sessionMeant(text *string) (presence.SessionID, error) {
	id, err := optionalID("sessionId", text)
	if err != nil || id.IsZero() || c.own() {
		return presence.SessionID{UUID: id}, err
	}
	caller, err := c.server.Engine.Agent(c.ctx(), presence.Key{Tenant: c.tenant.ID, Agent: c.user.ID})
	if err != nil {
		return presence.SessionID{}, err
	}
	if caller.Session != nil && caller.Session.ID.UUID == id {
		return presence.SessionID{}, nil
	}
	return presence.SessionID{UUID: id}, nil
}

// change carries out a command for the target and answers its new state. What
// one does to others is audited.
func (c *call) change(command presence.Command, body []byte, action string, details map[string]any) (any, error) {
	idempotency, err := c.idempotency(body)
	if err != nil {
		return nil, err
	}
	var entry *store.AuditEntry
	if !c.own() {
		entry = c.audited(action, details)
	}
	answer, err := c.do(command, idempotency, entry)
	if err != nil {
		return nil, err
	}
	return c.state(answer.Agent, answer.Last), nil
}

func (c *call) do(command presence.Command, idempotency engine.Idempotency, entry *store.AuditEntry) (engine.Answer, error) {
	return c.server.Engine.Do(c.ctx(), engine.Request{
		Key: c.key(), Command: command, Idempotency: idempotency, Audit: entry,
	})
}

// state is the target's presence state as the caller may see it.
func (c *call) state(agent presence.Agent, last presence.Event) api.PresenceState {
	if !c.own() {
		agent = agent.SeenByOthers()
	}
	return wire.State(c.targetID, agent, last, c.server.Engine.Now())
}
