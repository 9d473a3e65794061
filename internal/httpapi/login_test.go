package httpapi

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
)

func credentials(username, password string) map[string]any {
	return map[string]any{"username": username, "password": password}
}

func TestCreateToken_AnswersAtTheTopLevelWithATokenThatWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.post(nobody, "/v1/tokens", credentials("AGENT@north.example", password)).wantStatus(200)
	token := decoded[map[string]any](r)
	if len(token) != 2 || token["ttl"] != float64(24*60*60) {
		t.Errorf("answered %v", token)
	}
	header := "Token " + token["token"].(string)
	identity := okAs[api.UserIdentity](w.send(newRequest(t, "POST", "/v1/login", "null", "Authorization", header)))
	if identity.UserID != agent.id {
		t.Errorf("the token is that of %s", identity.UserID)
	}
}

func TestCreateToken_TellsNothingOfWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wrong := w.post(nobody, "/v1/tokens", credentials(agent.username, "wrong"))
	wrong.refused(api.CodeBadCredentials, "")
	for _, c := range []map[string]any{credentials("unknown@north.example", password), credentials(gone.username, password)} {
		other := w.post(nobody, "/v1/tokens", c)
		other.refused(api.CodeBadCredentials, "")
		if other.withoutID() != wrong.withoutID() {
			t.Errorf("%v is told apart from a wrong password: %s", c, other.body)
		}
	}
}

func TestCreateToken_ClampsTheLifeAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for asked, want := range map[any]int64{
		nil: 86400, 3600: 3600, 60: 60, 59: 60, 1: 60, 0: 60, -5: 60, 604800: 604800, 604801: 604800, int64(1) << 62: 604800,
	} {
		body := credentials(agent.username, password)
		body["ttl"] = asked
		got := decoded[api.TokenResponse](w.post(nobody, "/v1/tokens", body).wantStatus(200))
		if got.TTL != want {
			t.Errorf("asked for %v, got %d, want %d", asked, got.TTL, want)
		}
		identity, err := w.tokens.Verify(t.Context(), got.Token)
		if err != nil || identity.ExpiresAt.Sub(identity.IssuedAt) != time.Duration(want)*time.Second {
			t.Errorf("asked for %v: the token says %v, %v", asked, identity, err)
		}
	}
}

func TestCreateToken_SlowsFailuresDownAndSaysForHowLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.post(nobody, "/v1/tokens", credentials(agent.username, "wrong")).refused(api.CodeBadCredentials, "")
		slowed := w.post(nobody, "/v1/tokens", credentials(agent.username, password))
		slowed.refused(api.CodeRateLimited, "")
		if got := slowed.header.Get("Retry-After"); got != "1" {
			t.Errorf("Retry-After is %q", got)
		}
		elsewhere := newRequest(t, "POST", "/v1/tokens", credentials(agent.username, password))
		elsewhere.RemoteAddr = "198.51.100.7:1"
		w.send(elsewhere).wantStatus(200)
		time.Sleep(time.Second)
		w.post(nobody, "/v1/tokens", credentials(agent.username, password)).wantStatus(200)
	})
}

func TestLogin_TellsWhoTheTokenBelongsTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tenant := func(id, name string, active bool, permissions ...any) any {
		return map[string]any{"tenantId": id, "tenantName": name, "tenantActive": active, "tenantPermissions": permissions}
	}
	agents := []any{"ARTIFACTS_CREATE_ALL", "MANAGE_MY_DIRECTION"}
	want := map[string]any{
		"userId": agent.id, "username": agent.username, "firstName": "Avery", "lastName": "Agent", "defaultTenant": north,
		"platformRoleName": nil, "platformPermissions": []any{},
		"tenants": []any{tenant(dusk, "Dusk", false, agents...), tenant(east, "East", true, agents...), tenant(north, "North", true, agents...)},
	}
	w.caused(north, func() {
		if diff := cmp.Diff(want, w.post(agent, "/v1/login", nil).ok()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestLogin_KeepsThePlatformRoleApartFromThatInTenants(t *testing.T) {
	t.Parallel()
	got := okAs[api.UserIdentity](newWorld(t).post(platformAdmin, "/v1/login", "null"))
	if got.PlatformRoleName == nil || *got.PlatformRoleName != "Platform administrator" || got.DefaultTenant != nil {
		t.Errorf("answered %+v", got)
	}
	if !slices.Equal(got.PlatformPermissions, []api.Permission{api.PermissionManageTenant}) || len(got.Tenants[0].TenantPermissions) != 0 {
		t.Errorf("permissions on the platform %v, in the tenant %v", got.PlatformPermissions, got.Tenants[0].TenantPermissions)
	}
}

func TestMe_IsAnArrayOfTenantsByName(t *testing.T) {
	t.Parallel()
	got := okAs[[]api.TenantDetails](newWorld(t).get(agent, "/v1/me"))
	var names []string
	for _, tenant := range got {
		names = append(names, tenant.Name)
		if tenant.IdentityProviders == nil {
			t.Errorf("%s has null providers", tenant.Name)
		}
	}
	if !slices.Equal(names, []string{"Dusk", "East", "North"}) {
		t.Errorf("answered %v", names)
	}
	providers := okAs[[]api.TenantDetails](newWorld(t).get(stranger, "/v1/me"))[0].IdentityProviders
	if len(providers) != 2 || providers[0].Client != "client-1" {
		t.Errorf("answered %+v", providers)
	}
}

func TestAuthInfo_NamesTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, want := range map[string]api.AuthInfo{
		stranger.username:        {Client: "client-1", Domain: "first.example"},
		"STRANGER@south.EXAMPLE": {Client: "client-1", Domain: "first.example"},
		south:                    {Client: "client-1", Domain: "first.example"},
		south + "/" + first:      {Client: "client-1", Domain: "first.example"},
		south + "/" + second:     {Client: "client-2", Domain: "second.example"},
	} {
		if got := okAs[api.AuthInfo](w.get(nobody, "/v1/auth-info/"+path)); got != want {
			t.Errorf("%s: got %v, want %v", path, got, want)
		}
	}
}

func TestAuthInfo_TellsUnknownUsersTenantsAndProvidersApartByNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	want := w.get(nobody, "/v1/auth-info/unknown@north.example").withoutID()
	for _, path := range []string{
		agent.username, gone.username, former.username, north, no, "a%2Fb", "%00", south + "/" + no, no + "/" + first, north + "/" + first,
		south + "/00000000-0000-0000-0000-000000000000", south + "/garbage", "garbage/" + first, "garbage/garbage",
	} {
		r := w.get(nobody, "/v1/auth-info/"+path)
		r.refused(api.CodeNotFound, "")
		if got := r.withoutID(); got != want {
			t.Errorf("%s is told apart: %s", path, got)
		}
	}
}

// What is looked up takes time, and time tells.
func TestAuthInfo_LooksUpAsMuchForKnownNamesAsForUnknownOnes(t *testing.T) {
	t.Parallel()
	counted := new(countedDirectory)
	w := newWorld(t, func(o *Options) { counted.Directory, o.Directory = o.Directory, counted })
	lookUps := func(name string) []string {
		counted.asked = nil
		w.get(nobody, "/v1/auth-info/"+name).refused(api.CodeNotFound, "")
		return counted.asked
	}
	want := lookUps("unknown@north.example")
	for _, known := range []person{agent, member, gone, former} { // of three tenants, of one, and of none that they may enter
		wantEqual(t, lookUps(known.username), want)
	}
}

func TestAuthInfo_IsLimitedForEachAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		time.Sleep(20 * time.Second)
		ask := func(address, path string) reply {
			request := newRequest(t, http.MethodGet, "/v1/auth-info/"+path, nil)
			request.RemoteAddr = address
			return w.send(request)
		}
		for range 30 {
			ask("[2001:db8::1]:1", "unknown@north.example").wantStatus(404)
			ask("[2001:db8::2]:2", south+"/"+first).wantStatus(200) // the same network
		}
		limited := ask("[2001:db8::3]:3", south)
		limited.refused(api.CodeRateLimited, "")
		wantEqual(t, limited.header.Get("Retry-After"), "40")
		ask("[2001:db8::1]:1", south+"/"+first).refused(api.CodeRateLimited, "")
		for _, other := range []string{"[2001:db8:0:1::1]:1", "192.0.2.1:1", "192.0.2.2:1", "unknown"} {
			ask(other, south).wantStatus(200) // others are not to blame
		}
		time.Sleep(40 * time.Second)
		ask("[2001:db8::1]:1", south).wantStatus(200)
	})
}

func TestUpdateUser_ChoosesTheDefaultTenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/v1/users/" + agent.id
	got := okAs[api.User](w.do(agent, http.MethodPut, path, map[string]any{"defaultTenant": east, "username": "ignored"}))
	if got.ID != agent.id || got.Username != agent.username || *got.DefaultTenant != east {
		t.Errorf("answered %+v", got)
	}
	if got := okAs[api.UserIdentity](w.post(agent, "/v1/login", nil)); *got.DefaultTenant != east {
		t.Errorf("login says %s", *got.DefaultTenant)
	}
	w.unchanged(func() {
		foreign := w.do(agent, http.MethodPut, path, map[string]any{"defaultTenant": south})
		unknown := w.do(agent, http.MethodPut, path, map[string]any{"defaultTenant": no})
		if foreign.refused(api.CodeNotFound, ""); foreign.withoutID() != unknown.withoutID() {
			t.Errorf("a foreign tenant is told apart: %s", foreign.body)
		}
		w.do(agent, http.MethodPut, path, map[string]any{"defaultTenant": nil}).refused(api.CodeBadRequest, "defaultTenant")
		w.do(agent, http.MethodPut, path, map[string]any{"defaultTenant": "north"}).refused(api.CodeBadRequest, "defaultTenant")
	})
}

// The shortest life is the one that clamping leads to.
func TestShortestLife_IsThatOfTheContract(t *testing.T) {
	t.Parallel()
	if auth.ShortestLife != time.Minute || auth.LongestLife != 7*24*time.Hour {
		t.Errorf("lives are %s to %s", auth.ShortestLife, auth.LongestLife)
	}
}
