package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// call is a request on its way: what has been established of it so far.
type call struct {
	server *Server
	w      *answer
	r      *http.Request
	route  *route
	id     string     // of the request, made when it is first asked for
	query  url.Values // with the operations that are queried

	identity auth.Identity
	user     *directory.User // who calls

	tenant *directory.Tenant // where the path names a tenant
	member *directory.Member // the caller in that tenant

	targetID presence.AgentID  // where the path names a user
	target   *directory.Member // that user in the tenant; the caller's own included
}

func (c *call) ctx() context.Context { return c.r.Context() }

func (c *call) operation() string {
	if c.route == nil {
		return ""
	}
	return c.route.operation
}

// key names the agent that the path is about.
func (c *call) key() presence.Key {
	return presence.Key{Tenant: c.tenant.ID, Agent: c.targetID}
}

// own reports whether the path is about the caller.
func (c *call) own() bool { return c.targetID == c.user.ID }

// actor is the caller as the cause of a change of the target.
func (c *call) actor() presence.Actor {
	actor := presence.Actor{Cause: presence.BySupervisor, ID: c.user.ID, Name: c.member.Name()}
	if c.own() {
		actor.Cause = presence.ByAgent
	}
	return actor
}

// audited is an entry for what the caller does to the target.
func (c *call) audited(action string, details any) *store.AuditEntry {
	entry := &store.AuditEntry{
		Actor:     c.user.ID,
		ActorName: c.user.Name(),
		Action:    action,
		RequestID: c.requestID(),
		At:        c.server.Engine.Now(),
	}
	if c.tenant != nil {
		entry.Tenant = c.tenant.ID
	}
	if c.target != nil {
		entry.Target, entry.TargetName = c.targetID, c.target.Name()
	}
	if details != nil {
		entry.Details, _ = json.Marshal(details) // of plain maps and strings: cannot fail
	}
	return entry
}

// requestID names the request in answers and logs.
func (c *call) requestID() string {
	if c.id == "" {
		c.id = c.server.requests.next()
	}
	return c.id
}

// pathID reads an id of the path.
func (c *call) pathID(name string) (presence.UUID, error) {
	id, err := presence.ParseUUID(c.r.PathValue(name))
	if err != nil {
		return presence.UUID{}, badRequest(name, "The path's %s is no id. Ids look like 8-4-4-4-12 hexadecimal digits.", name)
	}
	return id, nil
}

// timestamp is the time of answering.
func (c *call) timestamp() api.Time { return c.server.now() }
