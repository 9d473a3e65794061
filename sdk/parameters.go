package sdk

import "github.com/muster-presence/muster/api"

// LoginParams name who logs in: by user name and password, or by a token that is there already.
type LoginParams struct {
	Username string
	Password string
	// TTL asks for a token that lives so many seconds; 0 for the server's choice. The server clamps it to 60 s … 7 days.
	TTL int64
	// NoStateReset fetches a fresh token for whoever is logged in, and leaves all else as it is.
	NoStateReset bool
	// Token logs in by a token in the place of user name and password.
	Token string
}

// GetAuthInfoParams name a user, or a tenant and perhaps one of its identity providers.
type GetAuthInfoParams struct {
	Username string
	TenantID string
	IDPID    string
}

// UpdateDefaultTenantParams name the tenant that the user begins with.
type UpdateDefaultTenantParams struct{ TenantID string }

// SetActiveTenantParams say where to work.
type SetActiveTenantParams struct {
	TenantID string
	// NoSession reads configuration only: for supervisors, wallboards, routers.
	NoSession bool
	// SilentMonitoring starts a session that nobody else sees.
	SilentMonitoring bool
	// Resume takes up the session that [Options.Resume] remembers, if it still lives.
	Resume bool
}

// GoReadyParams name the extension to take calls at, by its value or its id.
type GoReadyParams struct{ ExtensionValue string }

// GoNotReadyParams give a reason, or none.
type GoNotReadyParams struct{ ReasonInfo *ReasonInfo }

// ReasonInfo names a reason of the user's lists. It needs all three fields.
type ReasonInfo struct {
	Reason       string
	ReasonID     string
	ReasonListID string
}

// SetDirectionParams set one's own direction, or another agent's.
type SetDirectionParams struct {
	Direction api.Direction
	// AgentID is the agent; "" for oneself.
	AgentID string
	// SessionID is that agent's session; "" for the live one.
	SessionID string
}

// SetPresenceStateParams set one's own state, or another agent's.
type SetPresenceStateParams struct {
	State api.State
	// AgentID is the agent; "" for oneself.
	AgentID string
	// SessionID is that agent's session; "" for the live one.
	SessionID string
	// Reason, ReasonID and ReasonListID name a reason of that agent's lists.
	Reason       string
	ReasonID     string
	ReasonListID string
	// ForceLogout ends the session whatever work is open.
	ForceLogout bool
}

// SetTokenParams bring a fresh token; "" clears it.
type SetTokenParams struct{ Token string }

// SetUserIdentityParams say whom the client acts for, where it was not the client that logged in.
type SetUserIdentityParams struct{ UserID string }

// SetLocaleParams set the locale, such as "en-GB".
type SetLocaleParams struct{ Locale string }

// SilentMonitorParams name the interaction to listen to.
type SilentMonitorParams struct {
	InteractionID string
	// ChosenExtension is where to listen, by its value or its id; "" for the active extension.
	ChosenExtension string
}

// ResourceRemoveParams name the interaction to leave.
type ResourceRemoveParams struct{ InteractionID string }

// WhyParams name the agent in question.
type WhyParams struct {
	// AgentID is the agent; "" for oneself.
	AgentID string
	// TenantID is the agent's tenant; "" for the active one.
	TenantID string
}

// ReasonListsParams name the agent whose reasons are asked for.
type ReasonListsParams struct {
	// AgentID is the agent; "" for oneself.
	AgentID string
	// TenantID is the agent's tenant; "" for the active one.
	TenantID string
}

// WatchParams say which floor to watch.
type WatchParams struct {
	// TenantID is the floor's tenant; "" for the active one.
	TenantID string
	// Group restricts the floor to a group, by its name; "" for all.
	Group string
}

// ListParams ask for a page of the floor.
type ListParams struct {
	// TenantID is the floor's tenant; "" for the active one.
	TenantID string
	// Offerable asks for agents who may be offered work now.
	Offerable bool
	// Direction, Group and State restrict the rows; "" for all.
	Direction api.Direction
	Group     string
	State     api.State
	// Limit is the most rows of a page, 1 to 1000; 0 for the server's choice.
	Limit int
	// Cursor is that of the page before; "" for the first.
	Cursor string
}

// ReportWorkParams report work that an agent has: an offer, a call, its wrap-up.
type ReportWorkParams struct {
	// TenantID is the agent's tenant; "" for the active one.
	TenantID      string
	ResourceID    string
	InteractionID string
	Channel       string
	Direction     api.Direction
	State         api.WorkState
}

// EndWorkParams report that work is over.
type EndWorkParams struct {
	// TenantID is the agent's tenant; "" for the active one.
	TenantID      string
	ResourceID    string
	InteractionID string
}
