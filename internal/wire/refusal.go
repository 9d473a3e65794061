package wire

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// refusals says which code and sentence of the contract each refusal of the core
// becomes.
var refusals = map[presence.RefusalCode]struct {
	code    api.Code
	message string
}{
	presence.RefusedNoSession:         {api.CodeNoSession, "The agent has no session. Start one first."},
	presence.RefusedSessionEnded:      {api.CodeSessionEnded, "This session has ended. Start a new one."},
	presence.RefusedSessionSuperseded: {api.CodeSessionSuperseded, "A newer session of this agent has taken over. Go on with that one, or start a new one."},
	presence.RefusedNoExtension:       {api.CodeNoExtension, "The agent has no active extension, without which nobody can be reached. Choose one first."},
	presence.RefusedWorkOpen:          {api.CodeWorkOpen, "The agent has open work. End it first, or ask with forceLogout."},
	presence.RefusedTooMuchWork:       {api.CodeBadRequest, "The agent has the most interactions open that an agent can have. End some first."},
	presence.RefusedUndecided:         {api.CodeInternal, "The server has no rule for this request in this situation."},
}

// Refusal is the error body of a refusal, without its request id.
func Refusal(r *presence.Refusal) api.Error {
	row, ok := refusals[r.Code]
	if !ok {
		row = refusals[presence.RefusedUndecided]
	}
	body := api.Error{Code: row.code, Message: row.message}
	if r.Code == presence.RefusedWorkOpen {
		body.Work = WorkList(r.Work)
	}
	return body
}
