package httpapi

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/wire"
)

// longestChannel bounds the word for a channel, in bytes.
const longestChannel = 64

func putWork(c *call) (any, error) {
	interaction, err := c.pathID("interactionId")
	if err != nil {
		return nil, err
	}
	var request struct {
		Channel   *string             `json:"channel"`
		Direction *presence.Direction `json:"direction"`
		State     *presence.WorkState `json:"state"`
	}
	if _, err := c.decode(&request); err != nil {
		return nil, err
	}
	work := presence.Work{Interaction: presence.InteractionID{UUID: interaction}}
	if work.Channel, err = channelOf(request.Channel); err != nil {
		return nil, err
	}
	if work.Direction, err = directionOf(request.Direction); err != nil {
		return nil, err
	}
	if work.State, err = workStateOf(request.State); err != nil {
		return nil, err
	}
	answer, err := c.do(presence.ReportWork{By: c.reporter(), Work: work}, engine.Idempotency{}, nil)
	if err != nil {
		return nil, err
	}
	reported, ok := answer.Agent.Session.OpenWork(work.Interaction)
	if !ok {
		return nil, newFault(api.CodeInternal, "The work was not kept. Tell the server's operators the requestId.")
	}
	return wire.Work(reported), nil
}

// deleteWork answers the work that was ended, or null if there was none: it can
// be repeated.
func deleteWork(c *call) (any, error) {
	interaction, err := c.pathID("interactionId")
	if err != nil {
		return nil, err
	}
	answer, err := c.do(presence.EndWork{
		By: c.reporter(), Interaction: presence.InteractionID{UUID: interaction},
	}, engine.Idempotency{}, nil)
	if err != nil {
		return nil, err
	}
	for _, event := range answer.Events {
		if ended, ok := event.Change.(presence.WorkEnded); ok {
			return wire.Work(ended.Work), nil
		}
	}
	return nil, nil
}

// reporter is the caller as the program that reports work.
func (c *call) reporter() presence.Actor {
	return presence.Actor{Cause: presence.BySystem, ID: c.user.ID, Name: c.member.Name()}
}

func channelOf(given *string) (string, error) {
	if given == nil || *given == "" {
		return "", missing("channel")
	}
	if len(*given) > longestChannel {
		return "", badRequest("channel", "The field channel has at most %d bytes.", longestChannel)
	}
	return *given, nil
}

func workStateOf(given *presence.WorkState) (presence.WorkState, error) {
	if given == nil {
		return "", missing("state")
	}
	for _, known := range presence.WorkStates() {
		if *given == known {
			return known, nil
		}
	}
	return "", badAttribute(api.CodeUnknownState, "state", "There is no such state of work. The states are "+oneOf(presence.WorkStates())+".")
}
