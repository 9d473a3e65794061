package provision_test

import (
	"os"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
)

func TestDemo_IsAFloorThatDesktopsAccept(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../examples/demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	to := newStore()
	result := apply(t, to, string(content), provision.Options{})
	if len(result.Warnings) > 0 {
		t.Errorf("warnings: %v", result.Warnings)
	}
	for _, username := range []string{"agent@demo.example", "supervisor@demo.example", "admin@demo.example"} {
		user, err := to.UserByName(t.Context(), username)
		if err != nil {
			t.Fatal(err)
		}
		if user.PasswordHash != hashOf("demo-password") || len(user.Memberships) != 2 {
			t.Errorf("%s has another password or not two tenants: %+v", username, user)
		}
		if manages := user.PlatformRole.Permissions.Has(api.PermissionManageTenant); manages != (username == "admin@demo.example") {
			t.Errorf("%s may provision: %t", username, manages)
		}
	}
	tenants, err := to.Tenants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	acme, demo := tenants[0], tenants[1]
	wantSame(t, "zones", []string{"America/New_York", "Europe/Berlin"}, []string{acme.Timezone, demo.Timezone})
	wantSame(t, "groups of Demo", 3, len(demo.Groups))
	wantSame(t, "settings of Demo", directory.DefaultSettings(), demo.Settings)

	agent, err := to.UserByName(t.Context(), "agent@demo.example")
	if err != nil {
		t.Fatal(err)
	}
	member, err := to.Member(t.Context(), presence.Key{Tenant: demo.ID, Agent: agent.ID})
	if err != nil {
		t.Fatal(err)
	}
	var lists []string
	for _, list := range member.ReasonListsIn(demo) {
		lists = append(lists, list.Name)
	}
	wantSame(t, "lists", []string{presence.SystemListName, "Breaks", "Work", "Back office"}, lists)
	types := map[directory.ExtensionType]bool{}
	for _, extension := range member.Extensions {
		types[extension.Type] = true
	}
	wantSame(t, "types of extension", len(directory.ExtensionTypes()), len(types))

	again := apply(t, to, string(content), provision.Options{Prune: true})
	wantSame(t, "changes of the second time", []string{}, changed(again.Changes))
}
