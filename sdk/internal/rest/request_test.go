package rest_test

import (
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

func TestRequest_SaysWhatItIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(200, `{"result": {}}`))
		r := rest.Request{
			Method: http.MethodPost, Path: []string{"tenants", "t1"}, Query: url.Values{"group": {"a&b"}},
			Body: map[string]string{"state": "ready"}, Key: "k1",
		}
		if err := s.client().Do(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		got := s.seen()[0]
		if got.line != "POST /v1/tenants/t1?group=a%26b" || got.body != `{"state":"ready"}` {
			t.Errorf("%s with %s", got.line, got.body)
		}
		for name, want := range map[string]string{
			"Authorization": "Token first", "Content-Type": "application/json", "Accept": "application/json",
			"Idempotency-Key": "k1", "User-Agent": "muster-test",
		} {
			if got := got.header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	})
}

func TestRequest_HasABodyByItsMethodOnly(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{http.MethodGet: "", http.MethodDelete: "", http.MethodPost: "null", http.MethodPut: "null"} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(204, ""))
			if err := s.client().Do(t.Context(), rest.Request{Method: method, Path: []string{"me"}}, nil); err != nil {
				t.Fatal(err)
			}
			if got := s.seen()[0]; got.body != want || (got.header.Get("Content-Type") != "") != (want != "") {
				t.Errorf("%s: body %q of type %q", method, got.body, got.header.Get("Content-Type"))
			}
		})
	}
}

func TestRequest_KeepsEverySegmentOfItsPathInItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(200, `{"result": {}}`))
		base, _ := url.Parse("http://muster.test/a%2Fb/v1/")
		c := s.client(func(o *rest.Options) { o.Base = base })
		path := []string{"auth-info", "../ä b/50%?x#y;z"}
		if err := c.Do(t.Context(), rest.Request{Method: http.MethodGet, Path: path, Anonymous: true}, nil); err != nil {
			t.Fatal(err)
		}
		const want = "GET /a%2Fb/v1/auth-info/..%2F%C3%A4%20b%2F50%25%3Fx%23y%3Bz"
		if got := s.seen()[0].line; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if path[1] != "../ä b/50%?x#y;z" {
			t.Errorf("the caller's path became %q", path)
		}
	})
}

func TestRequest_IsNotSentWhereItWouldBeAnother(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]rest.Request{
		"no segment":       {Method: http.MethodGet, Path: []string{"users", ""}},
		"this segment":     {Method: http.MethodGet, Path: []string{"users", "."}},
		"the segment up":   {Method: http.MethodGet, Path: []string{"users", ".."}},
		"a body of no use": {Method: http.MethodPost, Path: []string{"me"}, Body: api.Time(math.MaxInt64)},
		"no method":        {Method: "GET IT", Path: []string{"me"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(200, `{}`))
			failure := failed(t, s.client().Do(t.Context(), r, nil))
			if failure.Status != rest.StatusNetwork || failure.Cause == nil {
				t.Errorf("%s: %v", name, failure)
			}
			s.count(0)
		})
	}
}

func TestRequest_SendsTheTokenThatItIsToSend(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]rest.Request{
		"Token first": {},
		"Token mine":  {Token: "mine"},
		"":            {Anonymous: true, Token: "mine"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(200, `{}`))
			r.Method, r.Path = http.MethodGet, []string{"me"}
			if err := s.client().Do(t.Context(), r, nil); err != nil {
				t.Fatal(err)
			}
			if got := s.seen()[0].authorization; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestRequest_WithoutATokenSaysNothingOfOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(200, `{}`))
		c := s.client(func(o *rest.Options) { o.Tokens = &tokens{} })
		if err := c.Do(t.Context(), patient(), nil); err != nil {
			t.Fatal(err)
		}
		if _, there := s.seen()[0].header["Authorization"]; there {
			t.Error("there is an Authorization header")
		}
	})
}

func TestRequest_IsTheSameInEveryAttemptButForItsToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answers(cut, answer(503, ""), answer(401, ""), answer(200, `{"result": {}}`)))
		c := s.client(func(o *rest.Options) { o.Tokens = &tokens{present: "first", next: []string{"second"}} })
		r := patient()
		r.Method, r.Body, r.Key = http.MethodPost, map[string]string{"state": strings.Repeat("x", 10000)}, "k1"
		if err := c.Do(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		s.count(4)
		var sent []string
		for _, got := range s.seen() {
			sent = append(sent, got.authorization)
			got.header.Del("Authorization")
			if diff := cmp.Diff(s.seen()[0].header, got.header); diff != "" {
				t.Errorf("the header differs from the first:\n%s", diff)
			}
			if got.line != "POST /v1/me" || got.body != s.seen()[0].body || got.header.Get("Idempotency-Key") != "k1" {
				t.Errorf("%s with %.20s and key %s", got.line, got.body, got.header.Get("Idempotency-Key"))
			}
		}
		if diff := cmp.Diff([]string{"Token first", "Token first", "Token first", "Token second"}, sent); diff != "" {
			t.Errorf("tokens:\n%s", diff)
		}
	})
}
