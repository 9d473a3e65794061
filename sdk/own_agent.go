package sdk

import (
	"strings"

	"github.com/muster-presence/muster/api"
)

// ownAgent is the agent that the client is, as of a request.
type ownAgent struct {
	user, tenant string
	config       api.Config
	session      *liveSession // nil without
	last         string       // the session that is gone, where there was one in this tenant and none since; "" without
	unnamed      bool         // the session is being started, and has no name yet
}

// sessionName names a session of a user in a tenant.
type sessionName struct{ user, tenant, id string }

func (c *core) ownAgent() (ownAgent, *Error) {
	user, tenant, problem := c.whoAndWhere()
	if problem != nil {
		return ownAgent{}, problem
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	own := ownAgent{user: user, tenant: tenant, session: c.session}
	if c.session == nil && c.last.user == user && c.last.tenant == tenant {
		own.last = c.last.id
	}
	if c.config != nil {
		own.config = *c.config
	}
	return own, nil
}

// sessionID is nil where there never was a session: the server then takes the live one, or says that there is none. One that is gone
// is still named, for the live one may be another desk's.
func (o ownAgent) sessionID() *string {
	switch {
	case o.unnamed:
		return nil
	case o.session != nil:
		return &o.session.id
	case o.last != "":
		return &o.last
	}
	return nil
}

func (o ownAgent) hasReason(wanted ReasonInfo) bool {
	for _, list := range o.config.ReasonLists {
		for _, reason := range list.Reasons {
			if list.ID == wanted.ReasonListID && reason.ReasonID == wanted.ReasonID {
				return true
			}
		}
	}
	return false
}

// judgeFailure ends the session when the server says that a newer one lives.
func (o ownAgent) judgeFailure(err error) {
	if o.session != nil {
		o.session.judgeFailure(err)
	}
}

// targetSession is the session that a request about an agent names: for oneself the own one, for others the live one unless one is
// named.
func (o ownAgent) targetSession(agent, named string) *string {
	switch {
	case named != "":
		return &named
	case agent == o.user:
		return o.sessionID()
	}
	return nil
}

// or is the agent that a request is about: the named one, or the own for "".
func (o ownAgent) or(named string) string {
	if named == "" {
		return o.user
	}
	return strings.ToLower(named) // as the server writes it
}
