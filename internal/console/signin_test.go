package console

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/store"
)

func (w *world) wantUser(token, username string) {
	w.t.Helper()
	identity, err := w.tokens.Verify(w.t.Context(), token)
	if err != nil || identity.User != w.users[username] {
		w.t.Errorf("the token is %v's, %v; want %s's", identity.User, err, username)
	}
}

func (w *world) wantOver(token string) {
	w.t.Helper()
	if _, err := w.tokens.Verify(w.t.Context(), token); !errors.Is(err, auth.ErrTokenRevoked) {
		w.t.Errorf("the token is good: %v", err)
	}
}

func TestLogin_GivesThePageATokenAndTheBrowserACookieThatNoScriptReads(t *testing.T) {
	t.Parallel()
	b := newWorld(t).open()
	r := b.post("/console/login", `{"username":"AGENT","password":"`+password+`"}`)
	wantEqual(t, r.StatusCode, http.StatusOK)
	wantHeader(t, r, "Content-Type", "application/json")
	wantHeader(t, r, "Cache-Control", "no-store")
	wantEqual(t, len(r.Cookies()), 1)
	c := r.Cookies()[0]
	wantEqual(t, c.Name, "__Host-muster_desk")
	wantEqual(t, c.HttpOnly && c.Secure && c.SameSite == http.SameSiteStrictMode, true)
	wantEqual(t, c.Path+c.Domain, "/")
	wantEqual(t, c.MaxAge, 12*60*60)
	b.wantUser(c.Value, "agent")
	if body := text(t, r); strings.Contains(body, c.Value) {
		t.Error("scripts can read the cookie's token")
	}
}

// Over plain http, browsers refuse what they would keep over https.
func TestLogin_KeepsAnotherCookieOverPlainHTTP(t *testing.T) {
	t.Parallel()
	r := newWorld(t).open().post("/console/login", `{"username":"agent","password":"`+password+`"}`, "Origin", "http://"+host)
	wantEqual(t, len(r.Cookies()), 1)
	c := r.Cookies()[0]
	wantEqual(t, c.Name+c.Path+c.Domain, "muster_desk/console/")
	wantEqual(t, c.HttpOnly && c.SameSite == http.SameSiteStrictMode, true)
	wantEqual(t, c.Secure, false)
}

func TestToken_IsAFreshOneWhoeverLoadsThePageAgain(t *testing.T) {
	t.Parallel()
	b := newWorld(t).open()
	first := b.signIn("agent")
	b.pass(30 * time.Minute)
	again := b.mustGive("/console/token", "{}")
	if again.Token == first {
		t.Error("it is the same one")
	}
	wantEqual(t, again.TTL, 3600)
	b.wantUser(again.Token, "agent")
	b.wantUser(first, "agent")
}

func TestToken_LivesAsLongAsThePageWantsButNotBeyondTheCookie(t *testing.T) {
	t.Parallel()
	b := newWorld(t).open()
	asked := `{"username":"agent","password":"` + password + `","ttl":`
	wantEqual(t, b.mustGive("/console/login", asked+`43200}`).TTL, 43200)
	wantEqual(t, b.mustGive("/console/login", asked+`9999999}`).TTL, 43200)
	wantEqual(t, b.mustGive("/console/login", asked+`0}`).TTL, 60)
	wantEqual(t, b.mustGive("/console/token", `{"ttl":120}`).TTL, 120)
	b.pass(11*time.Hour + 50*time.Minute)
	wantEqual(t, b.mustGive("/console/token", "{}").TTL, 600)
	b.pass(10 * time.Minute)
	wantRefused(t, b.post("/console/token", "{}"), api.CodeTokenExpired)
}

func TestToken_IsRefusedWithACodeThatSaysWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open()
	wantRefused(t, b.post("/console/token", "{}"), api.CodeBadCredentials)
	b.cookies["__Host-muster_desk"] = "no token"
	wantRefused(t, b.post("/console/token", "{}"), api.CodeBadCredentials)
	b.signIn("agent")
	if err := w.tokens.RevokeAll(t.Context(), w.users["agent"]); err != nil {
		t.Fatal(err)
	}
	wantHeader(t, b.post("/console/token", "{}"), "WWW-Authenticate", "Bearer")
	wantRefused(t, b.post("/console/token", "{}"), api.CodeTokenRevoked)
}

// A page's token that somebody got hold of must not become a longer one.
func TestToken_IsNotGivenForAPagesToken(t *testing.T) {
	t.Parallel()
	b := newWorld(t).open()
	b.cookies["__Host-muster_desk"] = b.signIn("agent")
	wantRefused(t, b.post("/console/token", "{}"), api.CodeBadCredentials)
}

// A page over plain http, or of a sibling host, can set cookies of other names.
func TestToken_OverHTTPSIsForTheCookieThatOnlyThisHostSets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open()
	r := b.post("/console/login", `{"username":"agent","password":"`+password+`"}`, "Origin", "http://"+host)
	wantEqual(t, r.StatusCode, http.StatusOK)
	wantRefused(t, b.post("/console/token", "{}"), api.CodeBadCredentials)
}

func TestDeskAndFloor_AreSignedInApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open()
	b.signIn("agent")
	wantRefused(t, b.post("/console/token", `{"page":"floor"}`), api.CodeBadCredentials)
	floor := b.mustGive("/console/login", `{"page":"floor","username":"supervisor","password":"`+password+`"}`)
	w.wantUser(floor.Token, "supervisor")
	w.wantUser(b.mustGive("/console/token", `{"page":"desk"}`).Token, "agent")
	w.wantUser(b.mustGive("/console/token", `{"page":"floor"}`).Token, "supervisor")
	wantEqual(t, b.post("/console/logout", `{"page":"floor"}`).StatusCode, http.StatusNoContent)
	w.wantOver(floor.Token)
	w.wantUser(b.mustGive("/console/token", `{}`).Token, "agent")
}

// Two tabs of a page have one cookie: who signs in last has it.
func TestToken_IsNotGivenToAPageThatShowsSomebodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open()
	b.signIn("agent")
	b.mustGive("/console/token", `{"userId":"`+w.users["agent"].String()+`"}`)
	b.signIn("supervisor")
	wantRefused(t, b.post("/console/token", `{"userId":"`+w.users["agent"].String()+`"}`), api.CodeBadCredentials)
	b.mustGive("/console/token", `{"userId":"`+w.users["supervisor"].String()+`"}`)
}

func TestLogout_EndsTheCookiesTokenAndThePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, elsewhere := w.open(), w.open()
	first := b.signIn("agent")
	second := b.mustGive("/console/token", "{}").Token
	other := elsewhere.signIn("agent")
	stolen := b.cookies["__Host-muster_desk"]
	r := b.post("/console/logout", "{}")
	wantEqual(t, r.StatusCode, http.StatusNoContent)
	wantHeader(t, r, "Cache-Control", "no-store")
	wantHeader(t, r, "Set-Cookie", "__Host-muster_desk=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict")
	wantEqual(t, w.changed, 1)
	for _, token := range []string{first, second, stolen} {
		w.wantOver(token)
	}
	w.wantUser(other, "agent")
	b.cookies["__Host-muster_desk"] = stolen
	wantRefused(t, b.post("/console/token", "{}"), api.CodeTokenRevoked)
}

func TestLogout_CanBeRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open()
	b.signIn("agent")
	for range 3 {
		wantEqual(t, b.post("/console/logout", "").StatusCode, http.StatusNoContent)
	}
	wantEqual(t, w.changed, 1)
}

func TestLogout_ThatCannotBeStoredIsNotOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open()
	token := b.signIn("agent")
	w.Tokens = fullDisk{w.tokens}
	wantRefused(t, b.post("/console/logout", "{}"), api.CodeUnavailable)
	w.wantUser(token, "agent")
}

type fullDisk struct{ *auth.Tokens }

func (fullDisk) Revoke(context.Context, auth.Identity) error {
	return &store.Unavailable{Reason: "the disk is full"}
}

func TestLogin_RefusesAsTheAPIDoes(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]api.Error{
		`{"username":"agent","password":"wrong"}`: {Code: api.CodeBadCredentials},
		`{"username":"ghost","password":"wrong"}`: {Code: api.CodeBadCredentials},
		`{"password":"x"}`:                        {Code: api.CodeBadRequest, Attribute: "username"},
		`{"username":"agent"}`:                    {Code: api.CodeBadRequest, Attribute: "password"},
		`{"username":"agent","password":null}`:    {Code: api.CodeBadRequest, Attribute: "password"},
		``:                                        {Code: api.CodeBadRequest, Attribute: "username"},
		`null`:                                    {Code: api.CodeBadRequest, Attribute: "username"},
		`{"page":"roof"}`:                         {Code: api.CodeBadRequest, Attribute: "page"},
		`{"username":`:                            {Code: api.CodeBadJSON},
		`{"username":17}`:                         {Code: api.CodeBadJSON},
		`[]`:                                      {Code: api.CodeBadJSON},
		`{"username":"` + strings.Repeat("a", maxBody) + `"}`: {Code: api.CodeTooLarge},
	} {
		got := wantRefused(t, newWorld(t).open().post("/console/login", body), want.Code)
		wantEqual(t, got.Attribute, want.Attribute)
	}
}

// There must not be a second door where nobody counts.
func TestLogin_IsSlowedTogetherWithTheAPIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open()
	address := auth.AddressOf("192.0.2.1:1234") // what requests of tests come from
	wrong := auth.Attempt{Username: "agent", Password: "wrong", Address: address}
	if _, _, err := w.logins.Login(t.Context(), wrong); !errors.Is(err, auth.ErrBadCredentials) {
		t.Fatal(err)
	}
	good := `{"username":"agent","password":"` + password + `"}`
	slowed := b.post("/console/login", good)
	wantHeader(t, slowed, "Retry-After", "1")
	wantRefused(t, slowed, api.CodeRateLimited)
	w.pass(time.Second)
	wantRefused(t, b.post("/console/login", `{"username":"agent","password":"wrong"}`), api.CodeBadCredentials)
	var refusal *auth.Slowed
	if _, _, err := w.logins.Login(t.Context(), wrong); !errors.As(err, &refusal) || refusal.RetryAfter != 2*time.Second {
		t.Errorf("the API does not count the console's refusals: %v", err)
	}
	b.signIn("supervisor") // another account is not slowed
}

func TestActions_AreForThisServersOwnPagesOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what         string
		origin, site string
		host         string
		allowed      bool
	}{
		{"the page's own", origin, "same-origin", host, true},
		{"behind a proxy that asks another host", origin, "same-origin", "127.0.0.1:8080", true},
		{"over plain http, where browsers do not say how page and server are related", "http://" + host, "", host, true},
		{"of another port", "http://" + host + ":81", "", host, false},
		{"at a port", "http://127.0.0.1:8080", "", "127.0.0.1:8080", true},
		{"another site's", "https://evil.example", "cross-site", host, false},
		{"a sibling host's", "https://other.example", "same-site", host, false},
		{"another site's in an old browser", "https://evil.example", "", host, false},
		{"one that begins alike", origin + ".evil.example", "", host, false},
		{"the browser's address line", origin, "none", host, false},
		{"a sandboxed frame's", "null", "cross-site", host, false},
		{"one without an origin", "", "same-origin", host, false},
		{"a program's", "", "", host, false},
		{"no web page's", "file://", "", "", false},
		{"an extension's", "chrome-extension://" + host, "", host, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b := w.open()
			b.signIn("agent")
			for name, value := range b.cookies { // of http and of https alike
				b.cookies[strings.TrimPrefix(name, "__Host-")] = value
			}
			for _, path := range []string{"/console/login", "/console/token", "/console/logout"} {
				r := b.postTo(c.host, path, `{"username":"agent","password":"`+password+`"}`, "Origin", c.origin, "Sec-Fetch-Site", c.site)
				wantHeader(t, r, "Access-Control-Allow-Origin", "")
				if c.allowed {
					wantEqual(t, r.StatusCode/100, 2)
					continue
				}
				wantRefused(t, r, api.CodeForbidden)
			}
		})
	}
}

func TestActions_TakeNothingButPOST(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/console/login", "/console/token", "/console/logout"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPut, http.MethodOptions} {
			r := w.ask(method, path, "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST")
			wantHeader(t, r, "Allow", "POST")
			wantHeader(t, r, "Access-Control-Allow-Origin", "")
			wantRefused(t, r, api.CodeMethodNotAllowed)
		}
	}
}

func TestActions_TakeNothingButJSON(t *testing.T) {
	t.Parallel()
	b := newWorld(t).open()
	b.signIn("agent")
	for kind, taken := range map[string]bool{
		"application/json":                  true,
		"application/json; charset=utf-8":   true,
		"text/plain":                        false,
		"application/x-www-form-urlencoded": false,
		"multipart/form-data":               false,
		"":                                  false,
		"/":                                 false,
	} {
		r := b.post("/console/token", "{}", "Content-Type", kind)
		if taken {
			wantEqual(t, r.StatusCode, http.StatusOK)
			continue
		}
		wantRefused(t, r, api.CodeUnsupportedMedia)
	}
}
