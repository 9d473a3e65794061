package sqlite_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store/sqlite"
)

// The floor is read by columns that are worked out from several documents; they
// must follow each of them.
func TestDirectory_TheColumnsForTheFloorFollowTheDocuments(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "muster.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	region := &directory.Region{ID: directory.RegionID{UUID: presence.UUID{1}}, Key: "local"}
	tenant := &directory.Tenant{ID: presence.TenantID{UUID: presence.UUID{2}}, Key: "demo", Region: region.ID}
	role := &directory.Role{ID: directory.RoleID{UUID: presence.UUID{3}}, Key: "agent",
		Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll})}
	group := &directory.Group{ID: directory.GroupID{UUID: presence.UUID{4}}, Key: "sales", Name: "Sales"}
	user := &directory.User{ID: presence.AgentID{UUID: presence.UUID{5}}, Username: "ann", FirstName: "Ann", Active: true}
	membership := &directory.Membership{Tenant: tenant.ID, Agent: user.ID, Active: true,
		Roles: []directory.RoleID{role.ID}, Groups: []directory.GroupID{group.ID}}
	var revision int64
	apply := func(action directory.Action, documents ...directory.Document) {
		t.Helper()
		var changes directory.Changes
		for _, document := range documents {
			changes = append(changes, directory.Change{Action: action, Tenant: tenant.ID, Document: document})
		}
		if err := db.Apply(t.Context(), revision, changes, nil); err != nil {
			t.Fatal(err)
		}
		revision++
	}

	apply(directory.Create, region, tenant, role, group, user, membership)
	wantColumns(t, path, `Ann 1 ["Sales"]`)

	renamed := *user
	renamed.FirstName = "Anna"
	apply(directory.Update, &renamed)
	wantColumns(t, path, `Anna 1 ["Sales"]`)

	regrouped := *group
	regrouped.Name = "Selling"
	apply(directory.Update, &regrouped)
	wantColumns(t, path, `Anna 1 ["Selling"]`)

	powerless := *role
	powerless.Permissions = nil
	apply(directory.Update, &powerless)
	wantColumns(t, path, `Anna 0 ["Selling"]`)

	apply(directory.Update, role)
	alone := *membership
	alone.Groups = nil
	apply(directory.Update, &alone)
	wantColumns(t, path, `Anna 1 []`)

	asleep := renamed
	asleep.Active = false
	apply(directory.Update, &asleep)
	wantColumns(t, path, `Anna 0 []`)
}

func wantColumns(t *testing.T, path, want string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var name, groups string
	var isAgent int
	if err := db.QueryRowContext(t.Context(), `SELECT name, is_agent, groups FROM members`).Scan(&name, &isAgent, &groups); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, fmt.Sprintf("%s %d %s", name, isAgent, groups)); diff != "" {
		t.Errorf("name, is_agent, groups (-want +got):\n%s", diff)
	}
}
