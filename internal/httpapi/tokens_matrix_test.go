package httpapi

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// Every route that is not public answers 401 in the same way to whoever brings
// no good token, before it looks at anything else.
func TestEveryRoute_WantsAGoodToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		expired := w.freshToken(agent, time.Minute)
		time.Sleep(time.Minute)
		revoked, forAll, old := w.freshToken(agent, 0), w.freshToken(colleague, 0), w.freshToken(member, 0)
		identity, err := w.tokens.Verify(t.Context(), revoked)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.tokens.Revoke(t.Context(), identity); err != nil {
			t.Fatal(err)
		}
		if err := w.tokens.RevokeAll(t.Context(), agentID(colleague)); err != nil {
			t.Fatal(err)
		}
		w.provision("users: [{ username: member@north.example, active: false }]")
		good := w.freshToken(agent, 0)
		cases := []struct {
			name, header string
			code         api.Code
		}{
			{"none", "", api.CodeBadCredentials},
			{"garbage", "Token garbage", api.CodeBadCredentials},
			{"an empty one", "Token ", api.CodeBadCredentials},
			{"a scheme alone", "Bearer", api.CodeBadCredentials},
			{"another scheme", "Basic " + good, api.CodeBadCredentials},
			{"no scheme", good, api.CodeBadCredentials},
			{"a changed signature", "Token " + good[:len(good)-4] + "AAAA", api.CodeBadCredentials},
			{"no algorithm", "Token eyJhbGciOiJub25lIn0" + good[strings.IndexByte(good, '.'):strings.LastIndexByte(good, '.')+1], api.CodeBadCredentials},
			{"an expired one", "Token " + expired, api.CodeTokenExpired},
			{"a revoked one", "Token " + revoked, api.CodeTokenRevoked},
			{"one of a generation that was revoked", "Bearer " + forAll, api.CodeTokenRevoked},
			{"one of a user who was switched off", "Token " + old, api.CodeTokenRevoked},
		}
		for _, route := range w.server.routes() {
			if route.right.public {
				continue
			}
			path := strings.NewReplacer("{", "", "}", "").Replace(route.path) // no ids at all: they are not looked at
			for _, c := range cases {
				w.unchanged(func() {
					r := w.send(newRequest(t, route.method, path, `{"broken`, "Authorization", c.header))
					r.refused(c.code, "")
				})
			}
		}
	})
}

func TestToken_IsTakenInBothSpellings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.tokenOf(agent)
	for _, header := range []string{"Token " + token, "Bearer " + token, "token " + token, "BEARER  " + token} {
		w.send(newRequest(t, "GET", "/v1/me", nil, "Authorization", header)).wantStatus(200)
	}
}

// The same directory look-ups are made for a tenant that exists and one that
// does not, so that time tells nothing either.
func TestForeignTenant_CostsTheSameAsAnUnknownOne(t *testing.T) {
	t.Parallel()
	counted := new(countedDirectory)
	w := newWorld(t, func(o *Options) { counted.Directory, o.Directory = o.Directory, counted })
	for _, p := range []string{"/v1/tenants/%", "/v1/tenants/%/presence", "/v1/tenants/%/users/" + agent.id + "/config", "/v1/tenants/%/presence/" + colleague.id} {
		var looked [2][]string
		for i, tenant := range []string{south, no} {
			counted.asked = nil
			w.get(agent, strings.Replace(p, "%", tenant, 1)).refused(api.CodeNotFound, "")
			looked[i] = counted.asked
		}
		if slices.ContainsFunc(looked[0], func(what string) bool { return what != "user" }) {
			t.Errorf("%s looks up %v: how long that takes depends on what is there", p, looked[0])
		}
		if !slices.Equal(looked[0], looked[1]) {
			t.Errorf("%s looks up %v for a foreign tenant and %v for an unknown one", p, looked[0], looked[1])
		}
	}
}

// A membership that was switched off is none.
func TestInactiveMembership_IsAsGoodAsNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	inactive, unknown := w.get(former, "/v1/tenants/"+north), w.get(former, "/v1/tenants/"+no)
	inactive.refused(api.CodeNotFound, "")
	if inactive.withoutID() != unknown.withoutID() {
		t.Errorf("they are told apart:\n%s\n%s", inactive.body, unknown.body)
	}
	w.do(former, "PUT", "/v1/users/"+former.id, map[string]any{"defaultTenant": north}).refused(api.CodeNotFound, "")
	if got := okAs[[]api.TenantDetails](w.get(former, "/v1/me")); len(got) != 0 {
		t.Errorf("me lists %v", got)
	}
}

// A tenant that is switched off can be looked at by its members, not used.
func TestInactiveTenant_CanBeSeenOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if got := okAs[api.Tenant](w.get(agent, "/v1/tenants/"+dusk)); got.Active {
		t.Error("the tenant is told to be in use")
	}
	w.caused(dusk, func() {
		w.post(agent, presencePath(dusk, agent)+"/session", nil).refused(api.CodeForbidden, "")
	}, []presence.Kind(nil)...)
}
