package sdk

import (
	"context"
	"net/http"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// Work reports the work of agents, as telephony and routers do. It needs the right to. Every report may be repeated.
type Work struct{ core *core }

// Report reports work that an agent has: an offer, a call, its wrap-up. It fails where the agent has no session: then nobody is
// there to have it.
//
// Errors: [CodeParametersInvalid], [CodeWorkUnreported].
func (w *Work) Report(ctx context.Context, p ReportWorkParams) (api.Work, error) {
	c := w.core
	ctx, done := c.withLife(ctx)
	defer done()
	var found problems
	found.id("resourceId", p.ResourceID)
	found.id("interactionId", p.InteractionID)
	found.text("channel", p.Channel)
	found.direction(p.Direction)
	if !p.State.Valid() {
		found.add("state must be offered, active or wrapup")
	}
	tenant, failed := c.tenantOr(p.TenantID)
	if failed == nil {
		failed = found.err()
	}
	if failed != nil {
		return api.Work{}, failed
	}
	report := api.WorkReport{Channel: p.Channel, Direction: p.Direction, State: p.State}
	work, err := rest.Result[api.Work](ctx, c.rest, c.ask(http.MethodPut, report, "tenants", tenant, "presence", p.ResourceID, "interactions", p.InteractionID))
	if err != nil {
		return api.Work{}, requestErrorWith(CodeWorkUnreported, ErrorData{InteractionID: p.InteractionID}, err)
	}
	return work, nil
}

// End reports that work is over. Work that is over already is no error.
//
// Errors: [CodeParametersInvalid], [CodeWorkUnreported].
func (w *Work) End(ctx context.Context, p EndWorkParams) error {
	c := w.core
	ctx, done := c.withLife(ctx)
	defer done()
	var found problems
	found.id("resourceId", p.ResourceID)
	found.id("interactionId", p.InteractionID)
	tenant, failed := c.tenantOr(p.TenantID)
	if failed == nil {
		failed = found.err()
	}
	if failed != nil {
		return failed
	}
	err := c.rest.Do(ctx, c.ask(http.MethodDelete, nil, "tenants", tenant, "presence", p.ResourceID, "interactions", p.InteractionID), nil)
	if err != nil {
		return requestErrorWith(CodeWorkUnreported, ErrorData{InteractionID: p.InteractionID}, err)
	}
	return nil
}
