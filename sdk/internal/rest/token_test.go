package rest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/sdk/internal/rest"
)

const expired = `{"error": {"code": "token_expired", "message": "The token's life is over.", "requestId": "r1"}}`

func TestToken_RefusedIsReplacedHoweverLongThatTakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answers(answer(401, expired), answer(503, ""), answer(200, `{"result": "done"}`)))
		k := &tokens{present: "first", next: []string{"second"}, wait: 4 * time.Minute}
		got, err := rest.Result[string](t.Context(), s.client(func(o *rest.Options) { o.Tokens = k }), patient())
		if err != nil || got != "done" {
			t.Fatalf("%q, %v", got, err)
		}
		s.count(3)
		if got := s.seen()[1]; got.at != 4*time.Minute || got.authorization != "Token second" {
			t.Errorf("%s after %v", got.authorization, got.at)
		}
		if diff := cmp.Diff([]string{"first token_expired"}, k.asked); diff != "" {
			t.Errorf("refused:\n%s", diff)
		}
	})
}

func TestToken_IsReplacedWhereNothingIsTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answers(answer(401, expired), answer(200, `{}`)))
		k := &tokens{present: "first", next: []string{"second"}}
		if err := s.client(func(o *rest.Options) { o.Tokens = k }).Do(t.Context(), rest.Request{Method: http.MethodGet, Path: []string{"me"}}, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestToken_ThatCannotBeReplacedLeavesTheRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(401, expired))
		failure := failed(t, s.client().Do(t.Context(), patient(), nil))
		if failure.Status != 401 || failure.Code != "token_expired" {
			t.Errorf("%v", failure)
		}
		s.count(1)
	})
}

func TestToken_IsReplacedThreeTimesInARowAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(401, expired))
		k := &tokens{present: "1", next: []string{"2", "3", "4", "5"}}
		if failure := failed(t, s.client(func(o *rest.Options) { o.Tokens = k }).Do(t.Context(), patient(), nil)); failure.Status != 401 {
			t.Errorf("%v", failure)
		}
		s.count(4)
	})
}

func TestToken_OfALoginOrOfNobodyIsRefusedForGood(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]rest.Request{"login": {Token: "mine"}, "nobody": {Anonymous: true}} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(401, `{"error": {"code": "bad_credentials"}}`))
			k := &tokens{present: "first", next: []string{"second"}}
			r.Method, r.Path, r.Patience.Budget = http.MethodPost, []string{"login"}, 30*time.Second
			if failure := failed(t, s.client(func(o *rest.Options) { o.Tokens = k }).Do(t.Context(), r, nil)); failure.Code != "bad_credentials" {
				t.Errorf("%s: %v", name, failure)
			}
			s.count(1)
			if len(k.asked) > 0 {
				t.Errorf("%s: a token was asked for after %q", name, k.asked)
			}
		})
	}
}

func TestToken_ThatChangedDuringAPauseIsSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &tokens{present: "first"}
		s := serve(t, answers(func(w http.ResponseWriter, r *http.Request) {
			k.present = "second"
			answer(503, "")(w, r)
		}, answer(200, `{}`)))
		if err := s.client(func(o *rest.Options) { o.Tokens = k }).Do(t.Context(), patient(), nil); err != nil {
			t.Fatal(err)
		}
		if got := s.seen()[1].authorization; got != "Token second" {
			t.Errorf("%s", got)
		}
	})
}
