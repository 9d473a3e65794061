package wire

import (
	"encoding/json"
	"fmt"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Step explains a record: one change on the way to an agent's present state. Own
// says that the agent itself reads it; others read what they may know.
func Step(r store.Record, own bool) api.WhyStep {
	e := r.Event
	if !own {
		e = e.SeenByOthers()
	}
	text, rule, evidence := explain(e)
	step := api.WhyStep{
		At:       api.Time(e.At),
		Change:   string(e.Change.Kind()),
		Cause:    api.Cause(e.By.Cause),
		Text:     text,
		Evidence: evidenceOf(evidence),
	}
	if rule != "" {
		step.Rule = &rule
	}
	if !e.By.ID.IsZero() {
		step.ByID = new(e.By.ID.String())
	}
	if e.By.Name != "" {
		step.ByName = &e.By.Name
	}
	tell(&step, e)
	return step
}

// tell puts what the sentence says of a change into fields, for clients that say
// it in a language of their own.
func tell(step *api.WhyStep, e presence.Event) {
	switch change := e.Change.(type) {
	case presence.SessionStarted:
		setState(step, presence.NotReady, presence.LoggedIn())
		step.Direction = new(api.Direction(presence.Inbound))
	case presence.StateSet:
		setState(step, change.State, change.Reason)
		step.Repeated = change.Repeated
	case presence.LogoutDeferred:
		step.Repeated = change.Repeated
	case presence.DirectionSet:
		step.Direction = new(api.Direction(change.Direction))
		step.Repeated = change.Repeated
	case presence.WorkReported:
		step.Work = changedWork(change.Work, api.WorkChangeState(change.Work.State), change.Work.Since)
	case presence.WorkEnded:
		step.Work = changedWork(change.Work, api.WorkChangeStateEnded, e.At)
	case presence.Held:
		setState(step, presence.NotReady, change.Reason)
	case presence.SessionEnded:
		setState(step, presence.Offline, presence.Reason{})
	}
}

func setState(step *api.WhyStep, to presence.State, because presence.Reason) {
	step.State = new(api.State(to))
	step.Reason, step.ReasonID, step.ReasonListID = reason(because)
}

func changedWork(work presence.Work, state api.WorkChangeState, since presence.Instant) *api.WorkChange {
	return &api.WorkChange{
		InteractionID: work.Interaction.String(),
		Channel:       work.Channel,
		Direction:     api.Direction(work.Direction),
		State:         state,
		Since:         api.Time(since),
	}
}

// explain puts a change into a sentence, and names the rule and the evidence
// where no user acted.
func explain(e presence.Event) (text, rule string, evidence map[string]any) {
	switch change := e.Change.(type) {
	case presence.SessionStarted:
		return "A session began, not ready with the reason Logged in.", "", carried(change)
	case presence.StateSet:
		return stateText(change), "", nil
	case presence.LogoutDeferred:
		return "A log-out was asked for; it waits until open work has ended.", "", nil
	case presence.DirectionSet:
		return fmt.Sprintf("The direction was set to %s.", change.Direction), "", nil
	case presence.WorkReported:
		return fmt.Sprintf("An interaction (%s) was reported as %s.", change.Work.Channel, change.Work.State), "", interactionOf(change.Work)
	case presence.WorkEnded:
		return fmt.Sprintf("An interaction (%s) ended.", change.Work.Channel), "", interactionOf(change.Work)
	case presence.ConnectionChanged:
		return connectionText(change)
	case presence.Held:
		return "The system holds the agent not ready: its client has been silent for too long.", "connection_lost", heard(change.HeardAt, change.Socket)
	case presence.Released:
		return "The client was heard again: what was asked for before is in force again.", "connection_restored", nil
	case presence.LeaseTaken:
		return "The server started again: the agent is offered nothing until its client is heard.", "server_started", lastHeard(change.HeardAt)
	case presence.MonitoringStarted:
		return "Silent monitoring of an interaction began.", "", map[string]any{"interactionId": change.Interaction}
	case presence.MonitoringEnded:
		return "Silent monitoring of an interaction ended.", "", map[string]any{"interactionId": change.Interaction}
	case presence.SessionEnded:
		return endText(change)
	}
	return fmt.Sprintf("A change of the kind %s.", e.Change.Kind()), "", nil
}

// stateWords are the states in sentences.
var stateWords = map[presence.State]string{presence.Ready: "ready", presence.NotReady: "not ready"}

func stateText(change presence.StateSet) string {
	text := "The state was set to " + stateWords[change.State]
	if change.Reason.Name != "" {
		text += " with the reason " + change.Reason.Name
	}
	if change.Repeated {
		text += ", which it was already"
	}
	return text + "."
}

func connectionText(change presence.ConnectionChanged) (text, rule string, evidence map[string]any) {
	evidence = heard(change.HeardAt, change.Socket)
	switch {
	case change.Connection == presence.Live:
		return "The client was heard again.", "heard", nil
	case change.Connection == presence.Lost:
		return "The client's last socket was closed: the agent is offered nothing.", "socket_closed", evidence
	case change.Socket.Beat > 0:
		return "The client did not answer on its socket in time: the agent is offered nothing.", "connection_silent", evidence
	}
	return "The client was not heard in time: the agent is offered nothing.", "connection_silent", evidence
}

func endText(change presence.SessionEnded) (text, rule string, evidence map[string]any) {
	switch change.Code {
	case presence.EndLoggedOut:
		return "The agent logged out.", "", nil
	case presence.EndSupervisor:
		return "A supervisor ended the session.", "", nil
	case presence.EndSuperseded:
		return "A newer session of the agent took over.", "session_superseded", nil
	case presence.EndRevoked:
		return "The user may no longer hold a session here.", "access_revoked", nil
	}
	return "The session ended: its client had been silent for too long.", "lease_expired", heard(change.HeardAt, change.Socket)
}

func carried(change presence.SessionStarted) map[string]any {
	if len(change.Work) == 0 {
		return nil
	}
	return map[string]any{"workTakenOver": len(change.Work)}
}

func interactionOf(work presence.Work) map[string]any {
	return map[string]any{"interactionId": work.Interaction}
}

// heard is when and where a client was last heard, and what shows that it was not
// heard since: the beat that it did not answer, the socket that was closed.
func heard(at presence.Instant, socket presence.SocketEvidence) map[string]any {
	evidence := lastHeard(at)
	if socket.ID.IsZero() {
		return evidence
	}
	if evidence == nil {
		evidence = make(map[string]any)
	}
	evidence["socketId"] = socket.ID
	if socket.Client != "" {
		evidence["client"] = socket.Client
	}
	if socket.Beat > 0 {
		evidence["unansweredBeat"] = socket.Beat
		evidence["beatSent"] = socket.BeatAt.String()
	}
	if socket.ClosedAt > 0 {
		evidence["socketClosed"] = socket.ClosedAt.String()
		evidence["closedBy"] = socket.Closing
	}
	return evidence
}

func lastHeard(at presence.Instant) map[string]any {
	if at == 0 {
		return nil
	}
	return map[string]any{"lastHeard": at.String()}
}

// evidenceOf is null where there is none.
func evidenceOf(evidence map[string]any) json.RawMessage {
	if evidence == nil {
		return json.RawMessage("null")
	}
	text, _ := json.Marshal(evidence) // of ids, numbers and strings: cannot fail
	return text
}
