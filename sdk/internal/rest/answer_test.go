package rest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

func TestDo_ReadsWhatHasNoEnvelope(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(200, `{"token": "abc", "ttl": 60}`))
		var got api.TokenResponse
		if err := s.client().Do(t.Context(), patient(), &got); err != nil || got.Token != "abc" || got.TTL != 60 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestAnswer_ThatCannotBeReadIsAFailureAndFinal(t *testing.T) {
	t.Parallel()
	none := func(ctx context.Context, c *rest.Client) error { return c.Do(ctx, patient(), nil) }
	region := func(ctx context.Context, c *rest.Client) error {
		got, err := rest.Result[api.Region](ctx, c, patient())
		if got != (api.Region{}) {
			return errors.New("something was read")
		}
		return err
	}
	for name, c := range map[string]struct {
		body string
		ask  func(context.Context, *rest.Client) error
		want string // the body that is kept
	}{
		"a page where nothing is wanted": {"<html>", none, ""},
		"a page":                         {"<html>", region, ""},
		"nothing":                        {"", region, ""},
		"null":                           {"null", region, "null"},
		"no result":                      {`{}`, region, `{}`},
		"another type":                   {`{"result": {"id": "r1", "name": 7}}`, region, `{"result": {"id": "r1", "name": 7}}`},
		"half":                           {`{"result": {`, region, ""},
		"too much":                       {`{"result": {}}` + strings.Repeat(" ", 16<<20), region, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(200, c.body))
			failure := failed(t, c.ask(t.Context(), s.client()))
			if failure.Status != 200 || failure.StatusText != "unreadable answer" || failure.Cause == nil {
				t.Errorf("%s: %v", name, failure)
			}
			if name != "too much" && string(failure.Response) != c.want {
				t.Errorf("%s: %s was kept", name, failure.Response)
			}
			s.count(1)
		})
	}
}

func TestAnswer_WithoutEndIsNotReadToIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		written := 0
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			for block := []byte(strings.Repeat("x", 1<<20)); ; written++ {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		})
		failure := failed(t, s.client().Do(t.Context(), patient(), nil))
		synctest.Wait()
		if failure.Status != 200 || written > 17 {
			t.Errorf("%v after %d MiB", failure, written)
		}
	})
}

func TestAnswer_ThatNobodyWantsMayBeEmptyOrAnyJSON(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", `{"result": null}`} {
		synctest.Test(t, func(t *testing.T) {
			if err := serve(t, answer(202, body)).client().Do(t.Context(), patient(), nil); err != nil {
				t.Errorf("%q: %v", body, err)
			}
		})
	}
}

func TestResult_MayBeNull(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got, err := rest.Result[*api.Region](t.Context(), serve(t, answer(200, `{"result": null}`)).client(), patient())
		if err != nil || got != nil {
			t.Errorf("%v, %v", got, err)
		}
	})
}

func TestFailure_HoldsWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	const body = `{"error": {"code": "work_open", "message": "Work is open.", "requestId": "r1", "work": [{"interactionId": "i1", "channel": "voice", "direction": "inbound", "state": "active", "since": "2024-01-02T03:04:05.000Z"}]}}`
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(409, body))
		failure := failed(t, s.client().Do(t.Context(), patient(), nil))
		since, _ := api.ParseTime("2024-01-02T03:04:05.000Z")
		want := &rest.Failure{
			Status: 409, StatusText: "Conflict", Response: []byte(body), Code: api.CodeWorkOpen, Message: "Work is open.",
			Work: []api.Work{{InteractionID: "i1", Channel: "voice", Direction: "inbound", State: "active", Since: since}},
		}
		if diff := cmp.Diff(want, failure); diff != "" {
			t.Errorf("want (-), got (+):\n%s", diff)
		}
		if text := failure.Error(); text != "409 Conflict: work_open: Work is open." {
			t.Errorf("it says %q", text)
		}
	})
}

func TestFailure_OfSomethingOnTheWayHasItsStatusOnly(t *testing.T) {
	t.Parallel()
	for body, kept := range map[string]string{"<html>": "", `{"error": "no route"}`: `{"error": "no route"}`, `[]`: `[]`} {
		synctest.Test(t, func(t *testing.T) {
			failure := failed(t, serve(t, answer(403, body)).client().Do(t.Context(), patient(), nil))
			if failure.Status != 403 || failure.Code != "" || failure.Message != "" || string(failure.Response) != kept {
				t.Errorf("%q: %v with %s", body, failure, failure.Response)
			}
		})
	}
}

func TestFailure_WithoutAnAnswerHasACauseAndNoAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := rest.Request{Method: http.MethodGet, Path: []string{"auth-info", "alice"}}
		err := serve(t, cut).client().Do(t.Context(), r, nil)
		failure := failed(t, err)
		if failure.Status != rest.StatusNetwork || failure.StatusText != "network failure" || !errors.Is(err, io.EOF) {
			t.Errorf("%v", failure)
		}
		if text := failure.Error(); text != "network failure: EOF" {
			t.Errorf("it says %q", text)
		}
	})
}

func TestRedirect_TakesNothingElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		followed := false
		s := serve(t, answer(307, "", "Location", "http://elsewhere.test/"))
		own := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { followed = true; return nil }}
		own.Transport = &http.Transport{DialContext: s.dial, DisableKeepAlives: true}
		failure := failed(t, s.client(func(o *rest.Options) { o.HTTP = own }).Do(t.Context(), patient(), nil))
		if failure.Status != 307 || followed {
			t.Errorf("%v, followed: %v", failure, followed)
		}
		if err := own.CheckRedirect(nil, nil); err != nil || !followed {
			t.Error("the caller's client was changed")
		}
		s.count(1)
	})
}

func TestClock_IsToldTheServersTimeWhereAnAnswerSays(t *testing.T) {
	t.Parallel()
	const stamp = "2024-01-02T03:04:05.678Z"
	for body, want := range map[string]string{
		`{"result": {"timestamp": "` + stamp + `"}}`: stamp,
		`{"result": {}}`:                         "",
		`{"result": [1]}`:                        "",
		`{"timestamp": "` + stamp + `"}`:         "",
		`{"result": {"timestamp": "yesterday"}}`: "",
	} {
		synctest.Test(t, func(t *testing.T) {
			took := func(d time.Duration, next http.HandlerFunc) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					time.Sleep(d)
					next(w, r)
				}
			}
			s := serve(t, answers(took(time.Second, answer(503, body)), took(2*time.Second, answer(200, body))))
			got, trip := "", time.Duration(0)
			c := s.client(func(o *rest.Options) {
				o.Clock = func(server api.Time, sent, received time.Time) { got, trip = server.String(), received.Sub(sent) }
			})
			if err := c.Do(t.Context(), patient(), nil); err != nil {
				t.Fatal(err)
			}
			if got != want || got != "" && trip != 2*time.Second {
				t.Errorf("%s: %q with a trip of %v, want %q", body, got, trip, want)
			}
		})
	}
}
