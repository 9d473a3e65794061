package sdk

import (
	"context"
	"net/http"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// takeExtension makes the extension with that value or id the active one.
func (c *core) takeExtension(ctx context.Context, own ownAgent, value string) *Error {
	member, err := rest.Result[api.Member](ctx, c.rest, c.ask(http.MethodGet, nil, "tenants", own.tenant, "users", own.user))
	if err != nil {
		return requestError(CodeExtensionsUnread, err)
	}
	wanted, ok := findExtension(member.Extensions, value)
	if !ok {
		return newError(CodeExtensionUnknown, ErrorData{ValidExtensions: member.Extensions})
	}
	if active := member.ActiveExtension; active != nil && active.Type == wanted.Type && active.Value == wanted.Value {
		return nil
	}
	if err := c.saveExtension(ctx, own, wanted); err != nil {
		return requestError(CodeExtensionUnsaved, err)
	}
	config, err := c.readConfig(ctx, own.user, own.tenant, own.session != nil && own.session.silent)
	if err != nil {
		return requestError(CodeConfigUnread, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.config = &config
	c.publish(TopicExtension, ExtensionList{ActiveExtension: config.ActiveExtension, Extensions: config.Extensions})
	c.publish(TopicConfig, config)
	return nil
}

// findExtension finds an extension by its value, then by its id.
func findExtension(extensions []api.Extension, valueOrID string) (api.Extension, bool) {
	for _, e := range extensions {
		if e.Value == valueOrID {
			return e, true
		}
	}
	for _, e := range extensions {
		if e.ID == valueOrID {
			return e, true
		}
	}
	return api.Extension{}, false
}

func (c *core) saveExtension(ctx context.Context, own ownAgent, e api.Extension) error {
	choice := api.ExtensionChoice{ID: &e.ID, Type: &e.Type, Value: &e.Value}
	return c.rest.Do(ctx, c.ask(http.MethodPut, api.UpdateMemberRequest{ActiveExtension: choice}, "tenants", own.tenant, "users", own.user), nil)
}

func (c *core) readConfig(ctx context.Context, user, tenant string, silent bool) (api.Config, error) {
	r := c.ask(http.MethodGet, nil, "tenants", tenant, "users", user, "config")
	if silent {
		r.Query = map[string][]string{"silent-monitor": {"true"}}
	}
	return rest.Result[api.Config](ctx, c.rest, r)
}
