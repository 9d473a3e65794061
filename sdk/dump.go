package sdk

import "github.com/muster-presence/muster/api"

// Dump is a copy of what a client holds, for diagnosis. It contains the token: whoever gets it can act for the user.
type Dump struct {
	Authentication DumpedAuthentication `json:"authentication"`
	User           DumpedUser           `json:"user"`
	Session        DumpedSession        `json:"session"`
	Config         DumpedConfig         `json:"config"`
	Supervisor     DumpedSupervisor     `json:"supervisor"`
	Interactions   DumpedInteractions   `json:"interactions"`
	Time           DumpedTime           `json:"time"`
}

// DumpedAuthentication is how the client shows who it is.
type DumpedAuthentication struct {
	Token    *string `json:"token"`
	SSOToken *string `json:"sso-token"`
}

// DumpedUser is whom the client acts for.
type DumpedUser struct {
	UserID   *string           `json:"user-id"`
	Identity *api.UserIdentity `json:"identity"`
}

// DumpedSession is where and as what the user works.
type DumpedSession struct {
	SessionID *string       `json:"session-id"`
	TenantID  *string       `json:"tenant-id"`
	State     *StateChange  `json:"state"`
	Direction api.Direction `json:"direction,omitempty"`
	Config    *api.Config   `json:"config"`
	Connected bool          `json:"connected"`
}

// DumpedConfig is what the client was made with.
type DumpedConfig struct {
	APIURL string `json:"api-url"`
	Locale string `json:"locale"`
}

// DumpedSupervisor is what a supervisor does.
type DumpedSupervisor struct {
	MonitoredInteraction *string `json:"monitored-interaction"`
}

// DumpedInteractions is the work that is known, by its step.
type DumpedInteractions struct {
	Pending  []api.Work `json:"pending"`
	Active   []api.Work `json:"active"`
	Past     []api.Work `json:"past"`
	Incoming []api.Work `json:"incoming"`
}

// DumpedTime is what the client knows of the server's clock.
type DumpedTime struct {
	// OffsetMS is what the server's clock is ahead, in milliseconds.
	OffsetMS int64 `json:"offset"`
}

// DumpState returns a copy of what the client holds, its token included.
func (c *Client) DumpState() Dump {
	core := c.core
	token := core.credentials.Token()
	core.mu.Lock()
	defer core.mu.Unlock()
	d := Dump{
		Authentication: DumpedAuthentication{Token: pointerTo(token)},
		User:           DumpedUser{UserID: pointerTo(core.user), Identity: core.identity},
		Session:        DumpedSession{TenantID: pointerTo(core.tenant), Config: core.config},
		Config:         DumpedConfig{APIURL: core.base.String(), Locale: core.locale},
		Supervisor:     DumpedSupervisor{MonitoredInteraction: pointerTo(core.monitored)},
		Interactions:   DumpedInteractions{Pending: []api.Work{}, Active: []api.Work{}, Past: []api.Work{}, Incoming: []api.Work{}},
		Time:           DumpedTime{OffsetMS: core.clock.ahead().Milliseconds()},
	}
	if s := core.session; s != nil {
		d.Session.SessionID, d.Session.State, d.Session.Direction, d.Session.Connected = pointerTo(s.id), s.judge.shown, s.judge.direction, s.socket
		for _, work := range s.judge.open() {
			if work.State == api.WorkStateOffered {
				d.Interactions.Incoming = append(d.Interactions.Incoming, work)
			} else {
				d.Interactions.Active = append(d.Interactions.Active, work)
			}
		}
	}
	return copyOf(d).(Dump)
}

func pointerTo(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
