package httpapi

import (
	"strings"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// files is the body that applies one file.
func files(yaml string) map[string]any {
	return map[string]any{"files": []any{map[string]any{"name": "change.yaml", "content": yaml}}}
}

func TestProvisioning_ChangesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	change := files("tenants: [{ key: north, description: Changed }]\nusers: [{ username: agent@north.example, firstName: Ava }]")
	w.unchanged(func() {
		got := okAs[api.ProvisioningResult](w.post(platformAdmin, "/v1/provisioning?dryRun=true", change))
		if !got.DryRun || len(got.Changes) != 2 {
			t.Errorf("a dry run answers %+v", got)
		}
	})
	got := okAs[api.ProvisioningResult](w.post(platformAdmin, "/v1/provisioning", change))
	wantEqual(t, got.Changes[0], api.ProvisioningChange{Action: "update", Kind: got.Changes[0].Kind, Name: "north", Fields: []string{"description"}})
	if entry := w.auditOf(north)[0]; entry.Actor != agentID(platformAdmin) || entry.RequestID == "" {
		t.Errorf("audited: %+v", entry)
	}
	if again := okAs[api.ProvisioningResult](w.post(platformAdmin, "/v1/provisioning?prune=false", change)); len(again.Changes) != 0 {
		t.Errorf("again, it changes %+v", again.Changes)
	}
	wantEqual(t, okAs[api.Member](w.get(agent, userPath(north, agent))).FirstName, "Ava")
}

func TestProvisioning_ListsEveryProblemAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.unchanged(func() {
		f := w.post(platformAdmin, "/v1/provisioning", files("tenants:\n  - { key: north, timezone: Moon }\n  - { key: north2 }\n")).refused(api.CodeBadRequest, "files")
		if len(f.Problems) < 2 || f.Problems[0].File != "change.yaml" || f.Problems[0].Line != 2 || !strings.Contains(f.Problems[0].Field, "timezone") {
			t.Errorf("lists %+v", f.Problems)
		}
		w.post(platformAdmin, "/v1/provisioning", files(": [")).refused(api.CodeBadRequest, "files")
		for _, body := range []any{nil, "null", "{}", `{"files": null}`, `{"files": []}`} {
			w.post(platformAdmin, "/v1/provisioning", body).refused(api.CodeBadRequest, "files")
		}
		w.post(platformAdmin, "/v1/provisioning", `{"files": [{"name": 1}]}`).refused(api.CodeBadJSON, "files.name")
	})
}

// Whoever writes ?dryRun alone does not mean that everything be changed.
func TestProvisioning_DoesNotGuessWhatAParameterMeans(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	change := files("regions: [{ key: new }]")
	w.unchanged(func() {
		for query, attribute := range map[string]string{"dryRun": "dryRun", "dryRun=": "dryRun", "dryRun=1": "dryRun", "dryRun=false&prune": "prune", "dryRun=%": ""} {
			w.post(platformAdmin, "/v1/provisioning?"+query, change).refused(api.CodeBadRequest, attribute)
		}
		w.get(platformAdmin, "/v1/provisioning?withSecrets").refused(api.CodeBadRequest, "withSecrets")
	})
}

func TestProvisioning_EndsTheSessionsOfThoseSwitchedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.session(colleague)
	token := w.tokenOf(agent)
	w.caused(north, func() {
		w.post(platformAdmin, "/v1/provisioning", files("users: [{ username: agent@north.example, active: false }]")).ok()
	}, presence.KindSessionEnded)
	w.send(newRequest(t, "GET", "/v1/me", nil, "Authorization", "Token "+token)).refused(api.CodeTokenRevoked, "")
	if got := w.get(supervisor, presencePath(north, agent)).ok(); got["endCode"] != "revoked" || got["cause"] != "system" {
		t.Errorf("the session ended so: %v", got)
	}
	// A membership that is switched off ends the session there; the account lives on.
	w.caused(north, func() {
		w.post(platformAdmin, "/v1/provisioning", files("users: [{ username: colleague@north.example, tenants: [{ tenant: north, active: false }] }]")).ok()
	}, presence.KindSessionEnded)
	w.get(colleague, "/v1/me").wantStatus(200)
	w.get(colleague, "/v1/tenants/"+north).refused(api.CodeNotFound, "")
}

// Where the changes were made but the sessions could not be ended, the same
// request again ends them.
func TestProvisioning_RepeatedEndsSessionsThatWereLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.provision("users: [{ username: agent@north.example, active: false }]") // behind the edge's back
	w.caused(north, func() {
		w.post(platformAdmin, "/v1/provisioning", files("users: [{ username: agent@north.example, active: false }]")).ok()
	}, presence.KindSessionEnded)
}

func TestProvisioning_IsWrittenBackAsAFileThatChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for query, hashes := range map[string]bool{"": false, "?withSecrets=false": false, "?withSecrets=true": true} {
		text := okAs[api.ProvisioningExport](w.get(platformAdmin, "/v1/provisioning"+query)).Content
		if strings.Contains(text, "$argon2id$") != hashes {
			t.Errorf("%q: hashes are there: %v", query, !hashes)
		}
		if got := okAs[api.ProvisioningResult](w.post(platformAdmin, "/v1/provisioning?prune=true", files(text))); len(got.Changes) != 0 {
			t.Errorf("%q: applied again, it changes %+v", query, got.Changes)
		}
	}
}
