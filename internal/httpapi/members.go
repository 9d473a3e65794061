package httpapi

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func getConfig(c *call) (any, error) {
	if _, err := boolQuery(c, "silent-monitor"); err != nil {
		return nil, err
	}
	config := api.Config{
		Extensions:       extensions(c.member.Extensions),
		ActiveExtension:  extension(c.member.ActiveExtension),
		ReasonLists:      reasonLists(c.member.ReasonListsIn(c.tenant)),
		Integrations:     []api.Integration{streamOf(c.tenant.ID)},
		MessageTemplates: []json.RawMessage{},
	}
	if out := c.tenant.OutboundIntegration; out != nil {
		config.OutboundIntegration = &api.OutboundIntegration{
			ID: out.ID.String(), TenantID: c.tenant.ID.String(), Name: out.Name, Type: out.Type, Active: out.Active,
		}
	}
	return config, nil
}

// streamOf says where a tenant's events come from.
func streamOf(tenant presence.TenantID) api.Integration {
	return api.Integration{Type: api.IntegrationTypeStream, Path: "tenants/" + tenant.String() + "/stream", Version: 1}
}

func getMember(c *call) (any, error) { return memberOf(c.target), nil }

func memberOf(m *directory.Member) api.Member {
	roles := make([]string, len(m.Roles))
	for i, role := range m.Roles {
		roles[i] = role.Name
	}
	return api.Member{
		ID:              m.Key.Agent.String(),
		TenantID:        m.Key.Tenant.String(),
		Username:        m.Username,
		FirstName:       m.FirstName,
		LastName:        m.LastName,
		Roles:           roles,
		Groups:          m.GroupNames(),
		Skills:          append([]string{}, m.Skills...),
		Extensions:      extensions(m.Extensions),
		ActiveExtension: extension(m.ActiveExtension),
	}
}

func updateMember(c *call) (any, error) {
	var request struct {
		ActiveExtension *api.ExtensionChoice `json:"activeExtension"`
	}
	if _, err := c.decode(&request); err != nil {
		return nil, err
	}
	if request.ActiveExtension == nil {
		return nil, missing("activeExtension")
	}
	chosen, err := c.chooseExtension("activeExtension", *request.ActiveExtension)
	if err != nil {
		return nil, err
	}
	err = c.server.Directory.SetActiveExtension(c.ctx(), c.key(), chosen.ID)
	if errors.Is(err, store.ErrConflict) {
		return nil, extensionUnknown("activeExtension") // it has just been taken away
	}
	if err != nil {
		return nil, err
	}
	member, err := c.server.Directory.Member(c.ctx(), c.key())
	if err != nil {
		return nil, err
	}
	return memberOf(member), nil
}

// chooseExtension finds the caller's extension that a choice in an attribute
// means: by its id, or else by its value and, if that is said, its type.
func (c *call) chooseExtension(attribute string, choice api.ExtensionChoice) (directory.Extension, error) {
	if choice.ID == nil && choice.Value == nil {
		return directory.Extension{}, badRequest(attribute, "The field %s needs an id or a value.", attribute)
	}
	i := slices.IndexFunc(c.member.Extensions, func(e directory.Extension) bool {
		if choice.ID != nil {
			return strings.EqualFold(*choice.ID, e.ID.String())
		}
		return *choice.Value == e.Value && (choice.Type == nil || string(*choice.Type) == string(e.Type))
	})
	if i < 0 {
		return directory.Extension{}, extensionUnknown(attribute)
	}
	return c.member.Extensions[i], nil
}

func extensionUnknown(attribute string) *fault {
	return badAttribute(api.CodeExtensionUnknown, attribute, "This extension is none of yours.")
}

func listReasonLists(c *call) (any, error) {
	return reasonLists(c.target.ReasonListsIn(c.tenant)), nil
}

func extensions(all []directory.Extension) []api.Extension {
	list := make([]api.Extension, len(all))
	for i := range all {
		list[i] = *extension(&all[i])
	}
	return list
}

func extension(e *directory.Extension) *api.Extension {
	if e == nil {
		return nil
	}
	return &api.Extension{
		ID:          e.ID.String(),
		Type:        api.ExtensionType(e.Type),
		Value:       e.Value,
		Description: e.Description,
		Provider:    e.Provider,
		Region:      e.Region,
		SDKVersion:  e.SDKVersion,
	}
}

func reasonLists(all []directory.ReasonList) []api.ReasonList {
	lists := make([]api.ReasonList, len(all))
	for i := range all {
		lists[i] = reasonList(&all[i])
	}
	return lists
}

func reasonList(l *directory.ReasonList) api.ReasonList {
	list := api.ReasonList{
		ID:          l.ID.String(),
		Name:        l.Name,
		Description: l.Description,
		Active:      l.Active,
		Shared:      l.Shared,
		IsDefault:   l.Default,
		Reasons:     make([]api.Reason, len(l.Reasons)),
	}
	if l.ExternalID != "" {
		list.ExternalID = &l.ExternalID
	}
	for i, r := range l.Reasons {
		list.Reasons[i] = api.Reason{
			ReasonID:  r.ID.String(),
			Name:      r.Name,
			Active:    r.Active,
			SortOrder: r.SortOrder,
			Hierarchy: hierarchy(l, r),
		}
	}
	return list
}

// hierarchy is the path of categories above a reason. Clients show the first as
// its category, so a reason at the top of a list has the list's name there.
func hierarchy(l *directory.ReasonList, r directory.Reason) []string {
	if len(r.Hierarchy) == 0 {
		return []string{l.Name}
	}
	return append([]string{}, r.Hierarchy...)
}
