package sdk

import (
	"context"
	"net/http"
	"strconv"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// Floor shows everybody's presence: to supervisors, wallboards and routers. It needs the right to see it, and no session.
type Floor struct{ core *core }

// List reads a page of the floor, as it is now. Whoever wants to know what changes watches instead.
//
// Errors: [CodeParametersInvalid], [CodeFloorUnread].
func (f *Floor) List(ctx context.Context, p ListParams) (api.FloorPage, error) {
	c := f.core
	ctx, done := c.withLife(ctx)
	defer done()
	tenant, failed := c.tenantOr(p.TenantID)
	if failed == nil {
		failed = p.problems().err()
	}
	if failed != nil {
		return api.FloorPage{}, failed
	}
	r := c.ask(http.MethodGet, nil, "tenants", tenant, "presence")
	r.Query = p.query()
	page, err := rest.Result[api.FloorPage](ctx, c.rest, r)
	if err != nil {
		return api.FloorPage{}, requestError(CodeFloorUnread, err)
	}
	return page, nil
}

func (p ListParams) problems() (found problems) {
	if p.Direction != "" {
		found.direction(p.Direction)
	}
	if p.State != "" {
		found.state(p.State)
	}
	if p.Limit < 0 || p.Limit > 1000 {
		found.add("limit must be a number from 1 to 1000")
	}
	return found
}

func (p ListParams) query() map[string][]string {
	query := make(map[string][]string)
	add := func(name, value string) {
		if value != "" {
			query[name] = []string{value}
		}
	}
	if p.Offerable {
		add("offerable", "true")
	}
	if p.Limit > 0 {
		add("limit", strconv.Itoa(p.Limit))
	}
	add("direction", string(p.Direction))
	add("group", p.Group)
	add("state", string(p.State))
	add("cursor", p.Cursor)
	return query
}

// Why tells what led to an agent's present state: who or which rule, when, on what evidence, and which timers will fire when. It
// needs no right for oneself.
//
// Errors: [CodeParametersInvalid], [CodeWhyUnread].
func (f *Floor) Why(ctx context.Context, p WhyParams) (api.Why, error) {
	return readAgent[api.Why](ctx, f.core, CodeWhyUnread, p.AgentID, p.TenantID, func(tenant, agent string) []string {
		return []string{"tenants", tenant, "presence", agent, "why"}
	})
}

// ReasonLists reads the reasons that an agent may be not ready for: the system's list, the tenant's and the agent's own. It needs no
// right for oneself.
//
// Errors: [CodeParametersInvalid], [CodeReasonsUnread].
func (f *Floor) ReasonLists(ctx context.Context, p ReasonListsParams) ([]api.ReasonList, error) {
	return readAgent[[]api.ReasonList](ctx, f.core, CodeReasonsUnread, p.AgentID, p.TenantID, func(tenant, agent string) []string {
		return []string{"tenants", tenant, "users", agent, "reason-lists"}
	})
}

// readAgent reads something about the named agent, or about oneself.
func readAgent[T any](ctx context.Context, c *core, code Code, agent, tenant string, path func(tenant, agent string) []string) (T, error) {
	var none T
	ctx, done := c.withLife(ctx)
	defer done()
	var found problems
	found.optionalID("agentId", agent)
	if agent == "" {
		agent = c.activeUser()
	}
	if agent == "" {
		found.add("nobody is logged in: call Login first")
	}
	tenant, failed := c.tenantOr(tenant)
	if failed == nil {
		failed = found.err()
	}
	if failed != nil {
		return none, failed
	}
	got, err := rest.Result[T](ctx, c.rest, c.ask(http.MethodGet, nil, path(tenant, agent)...))
	if err != nil {
		return none, requestError(code, err)
	}
	return got, nil
}

// tenantOr is the named tenant, or the active one for "".
func (c *core) tenantOr(named string) (string, *Error) {
	if named != "" {
		var found problems
		found.id("tenantId", named)
		return named, found.err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tenant == "" {
		return "", invalid("tenantId must be a uuid, or a tenant active")
	}
	return c.tenant, nil
}
