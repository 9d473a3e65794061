package provision_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

func TestApply_CreatesInTheOrderOfReferences(t *testing.T) {
	t.Parallel()
	result := apply(t, newStore(), small, provision.Options{})
	if !result.Applied {
		t.Error("it was not applied")
	}
	wantSame(t, "changes", []string{
		"create region local", "create tenant demo", "create role demo/agent", "create group demo/sales", "create reason list demo/breaks",
		"create user ann", "create member demo/ann",
	}, changed(result.Changes))
}

func TestApply_ChangesOnlyDifferences(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, small, provision.Options{})
	content := strings.NewReplacer("endAfter: 6m", "endAfter: 7m", "[ARTIFACTS_CREATE_ALL]", "[]", "open sesame", "open says me").Replace(small)
	result := apply(t, to, content, provision.Options{})
	wantSame(t, "changes", []string{
		"update tenant demo settings.endAfter", "update role demo/agent permissions", "update user ann password",
	}, changed(result.Changes))
}

func TestApply_ChangesTheTimersOfSockets(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, small, provision.Options{})
	content := "tenants: [{key: demo, settings: {beatDelay: 2s, beatGrace: 3.25, lostAfter: 0s}}]"
	wantSame(t, "changes", []string{"update tenant demo settings.beatDelay settings.beatGrace settings.lostAfter"},
		changed(apply(t, to, content, provision.Options{}).Changes))
	wantSame(t, "changes the second time", []string{}, changed(apply(t, to, content, provision.Options{}).Changes))
	got := load(t, to).Tenants[0].Settings
	wantSame(t, "timers", []any{2 * time.Second, 3.25, time.Duration(0)}, []any{got.BeatDelay, got.BeatGrace, got.LostAfter})
	copied := newStore()
	apply(t, copied, export(t, to, false), provision.Options{})
	wantSame(t, "timers of a copy", got, load(t, copied).Tenants[0].Settings)
}

func TestApply_KeepsWhatTheFileLacks(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, small, provision.Options{})
	before := export(t, to, true)
	result := apply(t, to, "tenants: [{key: demo}]\nusers: [{username: ANN}]", provision.Options{})
	wantSame(t, "changes", []string{"update user ANN username"}, changed(result.Changes))
	apply(t, to, "users: [{username: ann}]", provision.Options{})
	wantSame(t, "export", before, export(t, to, true))
}

func TestApply_NullEmptiesAField(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, small, provision.Options{})
	result := apply(t, to, "users: [{username: ann, passwordHash: null, defaultTenant: null, tenants: [{tenant: demo, activeExtension: null}]}]", provision.Options{})
	wantSame(t, "changes", []string{"update user ann password defaultTenant", "update member demo/ann activeExtension"}, changed(result.Changes))
}

func TestApply_DryRunTellsTheSameAndChangesNothing(t *testing.T) {
	t.Parallel()
	to := newStore()
	hasher := &quickHasher{}
	dry, err := provision.Apply(t.Context(), to, hasher, []provision.File{file("test.yaml", small)}, provision.Options{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "contents", &directory.Contents{}, load(t, to))
	wet := apply(t, to, small, provision.Options{})
	wantSame(t, "changes", changed(wet.Changes), changed(dry.Changes))
	if dry.Applied || hasher.hashed > 0 {
		t.Errorf("the dry run applied (%t) or hashed %d passwords", dry.Applied, hasher.hashed)
	}
}

func TestApply_PruneDeletesWhatNoFileNames(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, small, provision.Options{})
	apply(t, to, `
regions: [{key: far}]
tenants:
  - {key: acme, timezone: UTC, region: far}
  - key: demo
    roles: [{key: guest}]
    groups: [{key: help}]
    reasonLists: [{key: breaks, reasons: [{key: tea}]}]
users:
  - username: bob
    tenants: [{tenant: acme}, {tenant: demo}]
  - username: ann
    defaultTenant: acme
    tenants: [{tenant: acme}, {tenant: demo, roles: [guest], groups: [help], extensions: [{type: pstn, value: "13"}], activeExtension: "13"}]
`, provision.Options{})
	result := apply(t, to, small, provision.Options{Prune: true})
	wantSame(t, "changes", []string{
		"update reason list demo/breaks reasons",
		"update user ann defaultTenant",
		"update member demo/ann roles groups extensions activeExtension",
		"delete member demo/bob", "delete member acme/bob", "delete member acme/ann",
		"delete user bob", "delete group demo/help", "delete role demo/guest", "delete tenant acme", "delete region far",
	}, sortMembers(changed(result.Changes)))

	fresh := newStore()
	apply(t, fresh, small, provision.Options{})
	wantSame(t, "export", withoutIDs(export(t, fresh, true)), withoutIDs(export(t, to, true)))
}

// sortMembers brings deletions of members, which stand in the order of random
// ids, into one order.
func sortMembers(told []string) []string {
	var others, members []string
	for _, name := range []string{"demo/bob", "acme/bob", "acme/ann"} {
		members = append(members, "delete member "+name)
	}
	placed := false
	for _, text := range told {
		if !strings.HasPrefix(text, "delete member ") {
			others = append(others, text)
		} else if !placed {
			others = append(others, members...)
			placed = true
		}
	}
	if len(others) != len(told) {
		return told
	}
	return others
}

func withoutIDs(content string) string {
	var kept []string
	for line := range strings.Lines(content) {
		if !strings.HasPrefix(strings.TrimLeft(line, " -"), "id: ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestApply_PruneNeverDeletesTheActingAdministrator(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, small, provision.Options{})
	ann, err := to.UserByName(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	withoutUsers := small[:strings.Index(small, "users:")]
	result := apply(t, to, withoutUsers, provision.Options{Prune: true, Actor: ann.ID})
	wantSame(t, "changes", []string{}, changed(result.Changes))
	wantSame(t, "warnings", []provision.Warning{{Name: "ann", Text: "you take from yourself the right to apply files: only somebody else can give it back"}}, result.Warnings)
}

func TestApply_PruneRefusesToDeleteARegionInUse(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, small, provision.Options{})
	_, err := provision.Apply(t.Context(), to, &quickHasher{}, []provision.File{file("a.yaml", "tenants: [{key: demo}]")}, provision.Options{Prune: true})
	if err == nil || !strings.Contains(err.Error(), `a.yaml:1:11: tenants[0]: is in the region "local", which no file names`) {
		t.Errorf("got %v", err)
	}
}

func TestApply_ReadsSeveralFilesAndDocumentsAsOne(t *testing.T) {
	t.Parallel()
	to := newStore()
	at := strings.Index(small, "users:")
	files := []provision.File{
		file("users.yaml", small[at:]+"---\nusers: [{username: bob}]\n---\n# nothing\n"),
		file("empty.yaml", ""),
		file("tenants.yaml", small[:at]),
	}
	if _, err := provision.Apply(t.Context(), to, &quickHasher{}, files, provision.Options{}); err != nil {
		t.Fatal(err)
	}
	wantSame(t, "users", 2, len(load(t, to).Users))
}

func TestApply_FollowsAnchorsAndMerges(t *testing.T) {
	t.Parallel()
	to := newStore()
	apply(t, to, `
x-role: &role {key: agent, name: Agent, permissions: &all [MANAGE_WORK]}
x-named: &named {name: Other}
regions: [{key: local}]
tenants:
  - {key: a, timezone: UTC, region: local, roles: [*role, {key: b, permissions: *all}]}
  - key: c
    timezone: UTC
    region: local
    roles:
      - <<: *role
        key: d
      - <<: [*named, *role]
        key: e
`, provision.Options{})
	tenants := load(t, to).Tenants
	var told []string
	for _, role := range append(tenants[0].Roles, tenants[1].Roles...) {
		told = append(told, role.Key+" "+role.Name+" "+string(role.Permissions[0]))
	}
	wantSame(t, "roles", []string{"agent Agent MANAGE_WORK", "b b MANAGE_WORK", "d Agent MANAGE_WORK", "e Other MANAGE_WORK"}, told)
}

func TestApply_WarnsOfAgentsThatDesktopsRefuse(t *testing.T) {
	t.Parallel()
	content := strings.NewReplacer("        reasonLists: [breaks]\n", "", `          - { type: sip, value: "12" }`, "", `        activeExtension: "12"`, "", "        extensions:", "").Replace(small)
	result := apply(t, newStore(), content, provision.Options{})
	if len(result.Warnings) != 2 || !strings.Contains(result.Warnings[0].String(), "demo/ann: an agent with 1 reason list") ||
		!strings.Contains(result.Warnings[1].String(), "demo/ann: an agent without an extension") {
		t.Errorf("warnings: %v", result.Warnings)
	}
}

func TestApply_HashesEachPasswordOnce(t *testing.T) {
	t.Parallel()
	// Whoever plans on a directory that changes under their hands plans again.
	to := &interrupted{Directory: newStore()}
	hasher := &quickHasher{}
	if _, err := provision.Apply(t.Context(), to, hasher, []provision.File{file("test.yaml", small)}, provision.Options{}); err != nil {
		t.Fatal(err)
	}
	if to.applications != 2 || hasher.hashed != 1 {
		t.Errorf("%d applications, %d hashes; want 2 and 1", to.applications, hasher.hashed)
	}
	wantSame(t, "users", 1, len(load(t, to).Users))
}

// interrupted is a directory to which somebody else applies a file before the
// first application.
type interrupted struct {
	store.Directory
	applications int
}

func (i *interrupted) Apply(ctx context.Context, revision int64, changes directory.Changes, entries []store.AuditEntry) error {
	if i.applications++; i.applications == 1 {
		if _, err := provision.Apply(ctx, i.Directory, &quickHasher{}, []provision.File{file("other.yaml", "regions: [{key: far}]")}, provision.Options{}); err != nil {
			return err
		}
	}
	return i.Directory.Apply(ctx, revision, changes, entries)
}

func TestApply_AuditsEachChangeWithoutSecrets(t *testing.T) {
	t.Parallel()
	audit := memory.NewAudit()
	to := memory.NewDirectory(audit)
	apply(t, to, small, provision.Options{})
	actor := presence.AgentID{UUID: presence.UUID{1}}
	apply(t, to, "users: [{username: ann, password: another secret}]",
		provision.Options{Actor: actor, ActorName: "Root", Now: 5, RequestID: "r-1"})
	demo, ann := load(t, to).Tenants[0], load(t, to).Users[0]
	entries, _, err := audit.Audit(t.Context(), demo.ID, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "entry", []store.AuditEntry{{
		Tenant: demo.ID, At: 5, Actor: actor, ActorName: "Root", Action: "update_user", Target: ann.ID, TargetName: "ann",
		Details: []byte(`{"name":"ann","fields":["password"]}`), RequestID: "r-1",
	}}, entries)
	if ann.TokenGeneration != 1 {
		t.Errorf("the tokens from before the new password are still good: generation %d", ann.TokenGeneration)
	}
}
