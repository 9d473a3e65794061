package httpapi

import (
	"net/http"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func TestRevokeCurrentToken_EndsThisTokenAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.freshToken(agent, 0)
	if got := okAs[api.Revocation](w.do(agent, http.MethodDelete, "/v1/tokens/current", nil)); got.UserID != agent.id {
		t.Errorf("answered %+v", got)
	}
	w.get(agent, "/v1/me").refused(api.CodeTokenRevoked, "")
	w.send(newRequest(t, "GET", "/v1/me", nil, "Authorization", "Bearer "+other)).wantStatus(200)
}

func TestRevokeTokens_EndsOnesOwnTokensAndSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	audited := len(w.auditOf(north))
	w.caused(north, func() {
		w.post(agent, "/v1/users/"+agent.id+"/tokens/revoke", nil).ok()
	}, presence.KindSessionEnded)
	w.get(agent, "/v1/me").refused(api.CodeTokenRevoked, "")
	if got := okAs[api.PresenceState](w.get(supervisor, presencePath(north, agent))); got.EndCode != api.EndCode(presence.EndRevoked) {
		t.Errorf("the session ended with %q", got.EndCode)
	}
	if entries := w.auditOf(north); len(entries) != audited {
		t.Errorf("what one does to oneself was audited: %+v", entries[0])
	}
}

func TestRevokeTokens_OfThePlatformsAdministratorIsNotForThoseOfOneTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.unchanged(func() {
		w.post(administrator, "/v1/users/"+platformAdmin.id+"/tokens/revoke", nil).refused(api.CodeForbidden, "")
	})
	w.get(platformAdmin, "/v1/me").wantStatus(200)
}

func TestRevokeTokens_OfOthersIsForAdministratorsAndAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(colleague)
	path := "/v1/users/" + colleague.id + "/tokens/revoke"
	w.unchanged(func() { w.post(supervisor, path, nil).refused(api.CodeForbidden, "") })
	records := w.caused(north, func() { w.post(administrator, path, nil).ok() }, presence.KindSessionEnded)
	if by := records[0].Event.By; by.ID != agentID(administrator) || by.Cause != presence.BySupervisor {
		t.Errorf("the session was ended by %+v", by)
	}
	w.get(colleague, "/v1/me").refused(api.CodeTokenRevoked, "")
	entry := w.auditOf(north)[0]
	if entry.Action != "revoke_tokens" || entry.Actor != agentID(administrator) || entry.Target != agentID(colleague) {
		t.Errorf("audited: %+v", entry)
	}
	w.post(administrator, path, nil).ok() // may be repeated
}

// An administrator does not learn whether a user exists elsewhere.
func TestRevokeTokens_OfAStrangerAreThoseOfNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.unchanged(func() {
		foreign := w.post(administrator, "/v1/users/"+stranger.id+"/tokens/revoke", nil)
		unknown := w.post(administrator, "/v1/users/"+no+"/tokens/revoke", nil)
		if foreign.refused(api.CodeNotFound, ""); foreign.withoutID() != unknown.withoutID() {
			t.Errorf("they are told apart: %s", foreign.body)
		}
	})
	w.get(stranger, "/v1/me").wantStatus(200)
}
