package floor

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk"
	"github.com/muster-presence/muster/sdk"
)

// Floor is a floor that somebody looks at.
type Floor struct {
	client *sdk.Client
	server string
	tenant api.TenantMembership
	group  string
}

// tokenLife is how long the token shall live, in seconds: as long as the server gives, because a wallboard hangs there for days.
const tokenLife = 7 * 24 * 3600

// Open logs in, without a session, and chooses the tenant. Group restricts the floor by name; "" for all.
func Open(ctx context.Context, order desk.Order, group string) (*Floor, error) {
	client, err := sdk.New(sdk.Options{BaseURL: desk.BaseURL(order.Server), Name: "muster-floor", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, desk.ProblemOf(err)
	}
	f := &Floor{client: client, server: desk.BaseURL(order.Server), group: group}
	_, f.tenant, err = desk.SignIn(ctx, client, order, tokenLife)
	if err == nil {
		_, err = client.Session.SetActiveTenant(ctx, sdk.SetActiveTenantParams{TenantID: f.tenant.TenantID, NoSession: true})
	}
	if err != nil {
		client.Close()
		return nil, desk.ProblemOf(err)
	}
	return f, nil
}

// Close ends the connection.
func (f *Floor) Close() { f.client.Close() }

// carryOut does what a supervisor asked for and says what came of it.
func (f *Floor) carryOut(ctx context.Context, o order) (string, error) {
	if o.kind == setDirection {
		set, err := f.client.Session.SetDirection(ctx, sdk.SetDirectionParams{Direction: o.direction, AgentID: o.agent, SessionID: o.session})
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("the direction of %s is %s", o.name, set.Direction), nil
	}
	p := sdk.SetPresenceStateParams{State: o.state, AgentID: o.agent, SessionID: o.session, ForceLogout: o.force}
	if o.reason != nil {
		p.Reason, p.ReasonID, p.ReasonListID = o.reason.Reason, o.reason.ReasonID, o.reason.ReasonListID
	}
	state, err := f.client.Session.SetPresenceState(ctx, p)
	switch {
	case err != nil:
		return "", err
	case state.Pending != nil && state.Pending.State == api.StateOffline:
		return fmt.Sprintf("the session of %s will end when the open work is done", o.name), nil
	case state.State == api.StateOffline:
		return fmt.Sprintf("the session of %s has ended", o.name), nil
	}
	return fmt.Sprintf("%s is %s", o.name, desk.StateName(state.State)), nil
}

// reasons reads the reason lists of an agent.
func (f *Floor) reasons(ctx context.Context, agent string) ([]api.ReasonList, error) {
	return f.client.Floor.ReasonLists(ctx, sdk.ReasonListsParams{AgentID: agent})
}
