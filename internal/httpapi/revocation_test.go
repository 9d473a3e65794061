package httpapi

import (
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
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

// Whoever holds a connection open looks again when something was taken away, and
// is not disturbed when nothing was.
func TestAccessChanged_IsToldOfWhateverTakesAccessAway(t *testing.T) {
	t.Parallel()
	var told atomic.Int32
	w := newWorld(t, func(o *Options) { o.AccessChanged = func() { told.Add(1) } })
	revokeOf := func(p person) string { return "/v1/users/" + p.id + "/tokens/revoke" }
	change := files("users: [{ username: member@north.example, active: false }]")
	for _, c := range []struct {
		sentence string
		act      func()
		want     int32
	}{
		{"reading", func() { w.get(agent, "/v1/me").wantStatus(200) }, 0},
		{"a token of one's own", func() { w.do(colleague, http.MethodDelete, "/v1/tokens/current", nil).ok() }, 1},
		{"all of one's own tokens", func() { w.post(agent, revokeOf(agent), nil).ok() }, 1},
		{"all tokens of somebody else", func() { w.post(administrator, revokeOf(monitor), nil).ok() }, 1},
		{"what is refused", func() { w.post(supervisor, revokeOf(unreachable), nil).refused(api.CodeForbidden, "") }, 0},
		{"files that are only looked at", func() { w.post(platformAdmin, "/v1/provisioning?dryRun=true", change).ok() }, 0},
		{"files with problems", func() { w.post(platformAdmin, "/v1/provisioning", files(": [")).refused(api.CodeBadRequest, "files") }, 0},
		{"files that were applied", func() { w.post(platformAdmin, "/v1/provisioning", change).ok() }, 1},
		{"files that were applied before", func() { w.post(platformAdmin, "/v1/provisioning", change).ok() }, 1},
	} {
		told.Store(0)
		c.act()
		if got := told.Load(); got != c.want {
			t.Errorf("%s was told %d times, want %d", c.sentence, got, c.want)
		}
	}
}

// When it is told, the token is refused already: whoever looks then, sees it.
func TestAccessChanged_IsToldAfterwards(t *testing.T) {
	t.Parallel()
	var found []error
	var w *world
	var token string
	w = newWorld(t, func(o *Options) {
		o.AccessChanged = func() {
			_, err := w.tokens.Verify(t.Context(), token)
			found = append(found, err)
		}
	})
	for _, act := range []func(){
		func() { w.do(agent, http.MethodDelete, "/v1/tokens/current", nil).ok() },
		func() { w.post(administrator, "/v1/users/"+agent.id+"/tokens/revoke", nil).ok() },
		func() {
			w.post(platformAdmin, "/v1/provisioning", files("users: [{ username: agent@north.example, active: false }]")).ok()
		},
	} {
		found = nil
		token = w.freshToken(agent, 0)
		w.issued.of[agent] = token
		act()
		if len(found) != 1 || !errors.Is(found[0], auth.ErrTokenRevoked) {
			t.Errorf("it found %v, want one token revoked", found)
		}
	}
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
