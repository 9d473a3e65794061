package storetest

import (
	"errors"
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// refusals tries changes that break a rule, each together with one that breaks
// none, so that a trace of half an application would show.
func refusals(t *testing.T, open func(t *testing.T) store.Directory) {
	const create, update, remove = directory.Create, directory.Update, directory.Delete
	nobody := presence.AgentID{UUID: presence.UUID{0x60, 15: 9}}
	nowhere := presence.TenantID{UUID: presence.UUID{0x20, 15: 9}}
	for _, test := range []struct {
		sentence string
		want     error
		action   directory.Action
		tenant   presence.TenantID
		document directory.Document
	}{
		{"conflict for a region's id that is taken", store.ErrConflict, create, nowhere, &directory.Region{ID: localRegion, Key: "new"}},
		{"conflict for a region's key that is taken", store.ErrConflict, create, nowhere, &directory.Region{ID: directory.RegionID{UUID: presence.UUID{1}}, Key: "local"}},
		{"conflict for a region that a tenant is in", store.ErrConflict, remove, nowhere, &directory.Region{ID: localRegion}},
		{"not found for an unknown region", store.ErrNotFound, update, nowhere, &directory.Region{ID: directory.RegionID{UUID: presence.UUID{1}}, Key: "new"}},
		{"conflict for a tenant's key that is taken", store.ErrConflict, update, southTenant, &directory.Tenant{ID: southTenant, Key: "north", Region: localRegion}},
		{"conflict for a tenant in an unknown region", store.ErrConflict, create, nowhere, &directory.Tenant{ID: nowhere, Key: "new"}},
		{"conflict for a tenant that has members", store.ErrConflict, remove, southTenant, &directory.Tenant{ID: southTenant}},
		{"not found for an unknown tenant", store.ErrNotFound, remove, nowhere, &directory.Tenant{ID: nowhere}},
		{"conflict for a role of an unknown tenant", store.ErrConflict, create, nowhere, &directory.Role{ID: directory.RoleID{UUID: presence.UUID{1}}, Key: "new"}},
		{"conflict for a role's id that another tenant has", store.ErrConflict, create, southTenant, &directory.Role{ID: agentRole, Key: "new"}},
		{"conflict for a role's key that is taken", store.ErrConflict, create, northTenant, &directory.Role{ID: directory.RoleID{UUID: presence.UUID{1}}, Key: "agent"}},
		{"conflict for a role that a member has", store.ErrConflict, remove, northTenant, &directory.Role{ID: agentRole}},
		{"not found for a role of another tenant", store.ErrNotFound, update, southTenant, &directory.Role{ID: agentRole, Key: "new"}},
		{"conflict for a group that a member is in", store.ErrConflict, remove, northTenant, &directory.Group{ID: salesGroup}},
		{"conflict for a group's key that is taken", store.ErrConflict, update, northTenant, &directory.Group{ID: salesGroup, Key: "advice"}},
		{"conflict for a list that a member has", store.ErrConflict, remove, northTenant, &directory.ReasonList{ID: breaksList}},
		{"not found for an unknown list", store.ErrNotFound, remove, northTenant, &directory.ReasonList{ID: presence.ReasonListID{UUID: presence.UUID{1}}}},
		{"conflict for a user name that is taken in other case", store.ErrConflict, create, nowhere, &directory.User{ID: nobody, Username: "ANN@north.example"}},
		{"conflict for a user's id that is taken", store.ErrConflict, create, nowhere, &directory.User{ID: ann, Username: "new"}},
		{"conflict for an unknown default tenant", store.ErrConflict, create, nowhere, &directory.User{ID: nobody, Username: "new", DefaultTenant: nowhere}},
		{"conflict for a user who is a member", store.ErrConflict, remove, nowhere, &directory.User{ID: bob}},
		{"not found for an unknown user", store.ErrNotFound, update, nowhere, &directory.User{ID: nobody, Username: "new"}},
		{"conflict for a membership of an unknown user", store.ErrConflict, create, northTenant, &directory.Membership{Tenant: northTenant, Agent: nobody}},
		{"conflict for a membership in an unknown tenant", store.ErrConflict, create, nowhere, &directory.Membership{Tenant: nowhere, Agent: bob}},
		{"conflict for a membership that is there", store.ErrConflict, create, northTenant, &directory.Membership{Tenant: northTenant, Agent: bob}},
		{"conflict for a role of another tenant", store.ErrConflict, update, northTenant, &directory.Membership{Tenant: northTenant, Agent: bob, Roles: []directory.RoleID{southRole}}},
		{"conflict for the system's list given to a member", store.ErrConflict, update, northTenant, &directory.Membership{Tenant: northTenant, Agent: bob, ReasonLists: []presence.ReasonListID{presence.SystemListID}}},
		{"conflict for an active extension that is none of the member's", store.ErrConflict, create, southTenant, &directory.Membership{Tenant: southTenant, Agent: bob, ActiveExtension: deskExtension}},
		{"not found for an unknown membership", store.ErrNotFound, update, southTenant, &directory.Membership{Tenant: southTenant, Agent: bob}},
	} {
		t.Run(test.sentence, func(t *testing.T) {
			t.Parallel()
			s := filled(t, open(t))
			want := load(t, s)
			err := s.Apply(t.Context(), want.Revision, directory.Changes{
				{Action: create, Document: &directory.Region{ID: directory.RegionID{UUID: presence.UUID{0x10, 15: 3}}, Key: "trace"}},
				{Action: test.action, Tenant: test.tenant, Document: test.document},
			}, nil)
			if !errors.Is(err, test.want) {
				t.Errorf("got error %v, want %v", err, test.want)
			}
			wantSame(t, "contents", want, load(t, s))
		})
	}
}
