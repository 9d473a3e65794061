package storetest

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

// agreesWithModel does the same random things to the store and to the model, and
// wants the same outcome and the same contents.
func agreesWithModel(t *testing.T, s store.Directory) {
	rapid.Check(t, func(r *rapid.T) {
		mustApply(t, s, directory.Diff(load(t, s), &directory.Contents{}))
		model := memory.NewDirectory(memory.NewAudit())
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			do := drawStep(r)
			got, want := do(t, s), do(t, model)
			if outcome(got) != outcome(want) {
				r.Fatalf("the store answers %v, the model %v", got, want)
			}
		}
		sameContents(t, load(t, model), load(t, s))
		if t.Failed() {
			r.FailNow()
		}
	})
}

// outcome is what callers branch on.
func outcome(err error) error {
	for _, sentinel := range []error{store.ErrNotFound, store.ErrConflict, store.ErrStale} {
		if errors.Is(err, sentinel) {
			return sentinel
		}
	}
	return err
}

type step func(testing.TB, store.Directory) error

func drawStep(r *rapid.T) step {
	agent := presence.AgentID{UUID: drawID(r, 6)}
	tenant := presence.TenantID{UUID: drawID(r, 2)}
	extension := directory.ExtensionID{UUID: drawID(r, 7)}
	switch rapid.IntRange(0, 9).Draw(r, "step") {
	case 0:
		return func(t testing.TB, s store.Directory) error { return s.SetDefaultTenant(t.Context(), agent, tenant) }
	case 1:
		return func(t testing.TB, s store.Directory) error {
			return s.SetActiveExtension(t.Context(), presence.Key{Tenant: tenant, Agent: agent}, extension)
		}
	case 2:
		return func(t testing.TB, s store.Directory) error {
			return second(s.RaiseTokenGeneration(t.Context(), agent))
		}
	}
	changes := make(directory.Changes, rapid.IntRange(1, 4).Draw(r, "changes"))
	for i := range changes {
		changes[i] = drawChange(r)
	}
	return func(t testing.TB, s store.Directory) error {
		return s.Apply(t.Context(), load(t, s).Revision, changes, nil)
	}
}

// drawID returns one of few ids, so that changes meet.
func drawID(r *rapid.T, kind byte) presence.UUID {
	return presence.UUID{kind, 15: rapid.ByteRange(1, 2).Draw(r, "id")}
}

func drawChange(r *rapid.T) directory.Change {
	key := rapid.SampledFrom([]string{"a", "b", "B"}).Draw(r, "key")
	tenant := presence.TenantID{UUID: drawID(r, 2)}
	change := directory.Change{
		Action: rapid.SampledFrom([]directory.Action{directory.Create, directory.Create, directory.Update, directory.Delete}).Draw(r, "action"),
		Fields: rapid.SliceOfN(rapid.SampledFrom([]string{"password", "defaultTenant", "activeExtension"}), 0, 2).Draw(r, "fields"),
		Tenant: tenant,
	}
	switch rapid.IntRange(0, 6).Draw(r, "kind") {
	case 0:
		change.Document = &directory.Region{ID: directory.RegionID{UUID: drawID(r, 1)}, Key: key}
	case 1:
		change.Document = &directory.Tenant{ID: tenant, Key: key, Region: directory.RegionID{UUID: drawID(r, 1)}, Settings: directory.DefaultSettings()}
	case 2:
		change.Document = &directory.Role{ID: directory.RoleID{UUID: drawID(r, 3)}, Key: key,
			Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll})}
	case 3:
		change.Document = &directory.Group{ID: directory.GroupID{UUID: drawID(r, 4)}, Key: key, Name: key}
	case 4:
		change.Document = &directory.ReasonList{ID: presence.ReasonListID{UUID: drawID(r, 5)}, Key: key, Name: key, Default: rapid.Bool().Draw(r, "default")}
	case 5:
		change.Document = &directory.User{ID: presence.AgentID{UUID: drawID(r, 6)}, Username: key, Active: rapid.Bool().Draw(r, "active"), PasswordHash: key,
			DefaultTenant: rapid.SampledFrom([]presence.TenantID{{}, tenant}).Draw(r, "default tenant")}
	case 6:
		change.Document = drawMembership(r, tenant)
	}
	return change
}

func drawMembership(r *rapid.T, tenant presence.TenantID) *directory.Membership {
	membership := &directory.Membership{Tenant: tenant, Agent: presence.AgentID{UUID: drawID(r, 6)}, Active: rapid.Bool().Draw(r, "active")}
	if rapid.Bool().Draw(r, "role") {
		membership.Roles = []directory.RoleID{{UUID: drawID(r, 3)}}
	}
	if rapid.Bool().Draw(r, "group") {
		membership.Groups = []directory.GroupID{{UUID: drawID(r, 4)}}
	}
	if rapid.Bool().Draw(r, "list") {
		membership.ReasonLists = []presence.ReasonListID{{UUID: drawID(r, 5)}}
	}
	if rapid.Bool().Draw(r, "extension") {
		extension := directory.Extension{ID: directory.ExtensionID{UUID: drawID(r, 7)}, Type: directory.SIP, Value: "1"}
		membership.Extensions = []directory.Extension{extension}
		membership.ActiveExtension = rapid.SampledFrom([]directory.ExtensionID{{}, extension.ID}).Draw(r, "active extension")
	}
	return membership
}
