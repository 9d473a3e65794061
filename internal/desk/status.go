package desk

import (
	"github.com/muster-presence/muster/api"
)

// Status is what a desk knows of its agent.
type Status struct {
	LoggedIn bool   `json:"loggedIn"`
	Desk     string `json:"desk"`
	// Ended tells how the last session ended, where nobody is logged in and it is known.
	Ended *Ending `json:"ended,omitempty"`
	*Agent
}

// Agent is an agent in a session.
type Agent struct {
	Server     string   `json:"server"`
	Process    int      `json:"process"` // the holder's
	Username   string   `json:"username"`
	Name       string   `json:"name"`
	UserID     string   `json:"userId"`
	TenantID   string   `json:"tenantId"`
	TenantName string   `json:"tenantName"`
	SessionID  string   `json:"sessionId"`
	StartedAt  api.Time `json:"startedAt"`

	State           api.State     `json:"state"`
	StateSince      *api.Time     `json:"stateSince"`
	Reason          *string       `json:"reason"`
	ReasonID        *string       `json:"reasonId"`
	ReasonListID    *string       `json:"reasonListId"`
	Direction       api.Direction `json:"direction"`
	AvailableStates []api.State   `json:"availableStates"`
	Cause           api.Cause     `json:"cause"`
	// SupervisorName is who set the state, where it was a supervisor.
	SupervisorName string       `json:"supervisorName,omitempty"`
	Pending        *api.Pending `json:"pending"`

	Extension *api.Extension `json:"extension"`
	Work      []api.Work     `json:"work"`
	// Connected tells whether the stream is there; ConnectionSince, since when it is or is not.
	Connected       bool     `json:"connected"`
	ConnectionSince api.Time `json:"connectionSince"`
	// Now is the server's time when this was said.
	Now api.Time `json:"now"`
}
