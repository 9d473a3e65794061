package desk

import (
	"context"
	"fmt"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// Order says who is to log in where. Its password never leaves memory but by the holder's standard input.
type Order struct {
	Desk     string `json:"desk"`
	Server   string `json:"server"`
	Username string `json:"username"`
	Password string `json:"password"`
	// Tenant is a tenant's name or id; "" for the default one.
	Tenant string `json:"tenant"`
}

// clientName is what the desk calls itself to the server.
const clientName = "muster-desk"

// BaseURL is the address of the API on a server, which people often write without its path.
func BaseURL(server string) string {
	return strings.TrimSuffix(strings.TrimSuffix(server, "/"), "/v1") + "/v1/"
}

// SignIn logs a client in and finds the tenant. A server that does not answer is not waited for: a person sits there.
func SignIn(ctx context.Context, client *sdk.Client, order Order, ttl int64) (sdk.LoggedIn, api.TenantMembership, error) {
	token, err := fetchToken(ctx, order, ttl)
	if err != nil {
		return sdk.LoggedIn{}, api.TenantMembership{}, err
	}
	who, err := client.Authentication.Login(ctx, sdk.LoginParams{Token: token})
	if err != nil {
		return who, api.TenantMembership{}, ProblemOf(err)
	}
	tenant, err := chooseTenant(*who.UserIdentity, order.Tenant)
	return who, tenant, err
}

// fetchToken gets a token by a client that asks once.
func fetchToken(ctx context.Context, order Order, ttl int64) (string, error) {
	once, err := sdk.New(sdk.Options{BaseURL: BaseURL(order.Server), Name: clientName, Patience: -1})
	if err != nil {
		return "", problem(sdk.CodeOptionsInvalid, "--server must be an address like http://127.0.0.1:8080")
	}
	defer once.Close()
	_, err = once.Authentication.Login(ctx, sdk.LoginParams{Username: order.Username, Password: order.Password, TTL: ttl})
	if err != nil {
		return "", ProblemOf(err)
	}
	return once.Session.GetToken(ctx), nil
}

// chooseTenant finds a tenant of the user's by its id or its name.
func chooseTenant(who api.UserIdentity, wanted string) (api.TenantMembership, error) {
	var found []api.TenantMembership
	for _, t := range who.Tenants {
		isDefault := who.DefaultTenant != nil && t.TenantID == *who.DefaultTenant
		switch {
		case wanted == "" && isDefault, wanted == "" && len(who.Tenants) == 1, wanted != "" && t.TenantID == wanted:
			return t, nil
		case wanted != "" && strings.EqualFold(t.TenantName, wanted):
			found = append(found, t)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return api.TenantMembership{}, problem(0, tenantQuestion(who.Tenants, wanted, len(found)))
}

func tenantQuestion(tenants []api.TenantMembership, wanted string, found int) string {
	names := make([]string, len(tenants))
	for i, t := range tenants {
		names[i] = t.TenantName
		if found > 1 {
			names[i] = fmt.Sprintf("%s (%s)", t.TenantName, t.TenantID)
		}
	}
	list := strings.Join(names, ", ")
	switch {
	case len(tenants) == 0:
		return "you are a member of no tenant"
	case wanted == "":
		return "you have several tenants and no default one: choose with --tenant one of " + list
	case found > 1:
		return "several of your tenants have that name: choose with --tenant by the id, " + list
	}
	return fmt.Sprintf("you are no member of a tenant %q: choose with --tenant one of %s", wanted, list)
}
