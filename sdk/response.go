package sdk

import (
	"github.com/muster-presence/muster/api"
)

// LoggedIn is the answer to a login: who the token's owner is, and how it was shown. With NoStateReset it holds the TTL only.
type LoggedIn struct {
	*api.UserIdentity
	// Auth is "username" or "token".
	Auth string `json:"auth,omitempty"`
	// TTL is how many seconds the fresh token lives.
	TTL int64 `json:"ttl,omitempty"`
}

// AuthInfo is what a log-in page needs to begin single sign-on.
type AuthInfo struct {
	Result api.AuthInfo `json:"result"`
}

// UpdatedUser is the user with the new default tenant.
type UpdatedUser struct {
	Result api.User `json:"result"`
}

// ActiveTenant is the tenant that was chosen.
type ActiveTenant struct {
	TenantID string `json:"tenantId"`
}

// ExtensionList is where the user can be reached.
type ExtensionList struct {
	ActiveExtension *api.Extension  `json:"activeExtension"`
	Extensions      []api.Extension `json:"extensions"`
}

// StateChange is a change of the own session's state, whoever brought it about.
type StateChange struct {
	State           api.State     `json:"state"`
	AvailableStates []api.State   `json:"availableStates"`
	Direction       api.Direction `json:"direction"`
	Reason          *string       `json:"reason"`
	ReasonID        *string       `json:"reasonId"`
	ReasonListID    *string       `json:"reasonListId"`
	// SupervisorID and SupervisorName are absent where no supervisor acted.
	SupervisorID   string       `json:"supervisorId,omitempty"`
	SupervisorName string       `json:"supervisorName,omitempty"`
	StateSince     *api.Time    `json:"stateSince"`
	Pending        *api.Pending `json:"pending"`
	Cause          api.Cause    `json:"cause"`
}

// Ended is the end of the own session.
type Ended struct {
	State          api.State   `json:"state"`
	SupervisorID   string      `json:"supervisorId,omitempty"`
	SupervisorName string      `json:"supervisorName,omitempty"`
	EndCode        api.EndCode `json:"endCode,omitempty"`
}

// DirectionChange is a change of the own session's direction, whoever brought it about.
type DirectionChange struct {
	State           api.State     `json:"state"`
	AvailableStates []api.State   `json:"availableStates"`
	Direction       api.Direction `json:"direction"`
	SupervisorID    string        `json:"supervisorId,omitempty"`
	SupervisorName  string        `json:"supervisorName,omitempty"`
}

// DirectionSet is the answer to SetDirection.
type DirectionSet struct {
	Direction api.Direction `json:"direction"`
	SessionID *string       `json:"sessionId"`
}

// Connection tells that the stream was lost, or has returned.
type Connection struct {
	Connected bool     `json:"connected"`
	Since     api.Time `json:"since"`
}

// RunningSession is the session that the server knows of.
type RunningSession struct {
	State     api.State `json:"state"`
	SessionID *string   `json:"sessionId"`
}

// UserConfig is the user's configuration in the active tenant.
type UserConfig struct {
	Result api.Config `json:"result"`
}

// TenantDetails are those of the user's tenants.
type TenantDetails struct {
	Details []api.TenantDetails `json:"details"`
}

// Monitoring is the answer to SilentMonitor.
type Monitoring struct {
	InteractionID   string         `json:"interactionId"`
	ResourceID      string         `json:"resourceId"`
	ActiveExtension *api.Extension `json:"activeExtension"`
	SessionID       *string        `json:"sessionId"`
}

// Removal is the answer to ResourceRemove.
type Removal struct {
	InteractionID  string `json:"interactionId"`
	ResourceID     string `json:"resourceId"`
	TargetResource string `json:"targetResource"`
}
