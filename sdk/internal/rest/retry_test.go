package rest_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/sdk/internal/rest"
)

func TestRetry_GoesOnThroughWhatMayPass(t *testing.T) {
	t.Parallel()
	for name, passing := range map[string]http.HandlerFunc{
		"a cut": cut, "no answer": hang, "half an answer": answer(200, `{"resu`, "Content-Length", "100"),
		"408": answer(408, ""), "429": answer(429, ""), "500": answer(500, ""), "502": answer(502, "<html>"), "503": answer(503, ""), "504": answer(504, ""),
	} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answers(passing, passing, answer(200, `{"result": "done"}`)))
			got, err := rest.Result[string](t.Context(), s.client(), patient())
			if err != nil || got != "done" {
				t.Errorf("%s: %q, %v", name, got, err)
			}
			s.count(3)
		})
	}
}

func TestRetry_LeavesAnAnswerAtThat(t *testing.T) {
	t.Parallel()
	for _, status := range []int{300, 302, 304, 307, 400, 403, 404, 405, 409, 413, 415, 425, 501} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(status, "", "Location", "/v1/elsewhere"))
			if failure := failed(t, s.client().Do(t.Context(), patient(), nil)); failure.Status != status {
				t.Errorf("%d became %v", status, failure)
			}
			s.count(1)
		})
	}
}

func TestRetry_WaitsLongerEachTimeAndEndsWithTheBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(503, `{"error": {"code": "unavailable"}}`))
		began := time.Now()
		failure := failed(t, s.client().Do(t.Context(), patient(), nil))
		if failure.Status != 503 || failure.Code != "unavailable" {
			t.Errorf("%v is not the last failure", failure)
		}
		if took := time.Since(began); took >= 30*time.Second {
			t.Errorf("it took %v", took)
		}
		longest, before := 500*time.Millisecond, time.Duration(0)
		for _, got := range s.seen()[1:] {
			if wait := got.at - before; wait > longest {
				t.Errorf("waited %v, at most %v", wait, longest)
			}
			longest, before = min(2*longest, 8*time.Second), got.at
		}
	})
}

func TestRetry_WithoutABudgetIsNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, answer(503, ""))
		began := time.Now()
		failed(t, s.client().Do(t.Context(), rest.Request{Method: http.MethodGet, Path: []string{"me"}}, nil))
		s.count(1)
		if took := time.Since(began); took != 0 {
			t.Errorf("it took %v", took)
		}
	})
}

func TestRetry_ComesAfterRetryAfterAndNotAllAtOnce(t *testing.T) {
	t.Parallel()
	for name, header := range map[string]func() string{
		"seconds":  func() string { return "5" },
		"a moment": func() string { return time.Now().Add(5 * time.Second).UTC().Format(http.TimeFormat) },
	} {
		synctest.Test(t, func(t *testing.T) {
			busy := func(w http.ResponseWriter, r *http.Request) { answer(429, "", "Retry-After", header())(w, r) }
			s := serve(t, answers(busy, answer(200, `{}`)))
			if err := s.client().Do(t.Context(), patient(), nil); err != nil {
				t.Fatal(err)
			}
			s.count(2)
			if wait := s.seen()[1].at; wait <= 5*time.Second || wait > 5500*time.Millisecond {
				t.Errorf("%s: it came after %v", name, wait)
			}
		})
	}
}

func TestRetry_GivesUpAtOnceWhereTheWaitIsLongerThanItsTime(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]time.Duration{"the budget": time.Hour, "the context": 20 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(429, "", "Retry-After", "30"))
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			began := time.Now()
			failure := failed(t, s.client().Do(ctx, patient(), nil))
			if failure.Status != 429 || failure.RetryAfter != 30*time.Second || time.Since(began) != 0 {
				t.Errorf("%s: %v after %v, to wait for %v", name, failure, time.Since(began), failure.RetryAfter)
			}
			s.count(1)
		})
	}
}

func TestRetry_PassesOverARetryAfterThatSaysNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "soon", "-1", "1.5", "99999999999999999999", "Mon, 01 Jan 1990 00:00:00 GMT"} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, answer(429, "", "Retry-After", text))
			if failure := failed(t, s.client().Do(t.Context(), rest.Request{Method: http.MethodGet, Path: []string{"me"}}, nil)); failure.RetryAfter != 0 {
				t.Errorf("%q: %v", text, failure.RetryAfter)
			}
		})
	}
}

func TestAttempt_EndsAfterItsTime(t *testing.T) {
	t.Parallel()
	slow := func(w http.ResponseWriter, r *http.Request) {
		answer(200, `{"result": `)(w, r)
		_ = http.NewResponseController(w).Flush()
		hang(w, r)
	}
	for name, handler := range map[string]http.HandlerFunc{"no answer": hang, "half an answer": slow} {
		for given, want := range map[time.Duration]time.Duration{0: 10 * time.Second, 3 * time.Second: 3 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				s := serve(t, handler)
				began := time.Now()
				failure := failed(t, s.client().Do(t.Context(), rest.Request{Method: http.MethodGet, Path: []string{"me"}, Patience: rest.Patience{Attempt: given}}, nil))
				if failure.Status != rest.StatusTimeout || failure.StatusText != "timeout" || time.Since(began) != want {
					t.Errorf("%s: %v after %v, want a timeout after %v", name, failure, time.Since(began), want)
				}
			})
		}
	}
}

func TestContext_EndsARequestWhereverItIs(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"while it waits for the answer": hang,
		"while it waits to try again":   answer(503, "", "Retry-After", "20"),
		"while it waits for a token":    answer(401, ""),
	} {
		synctest.Test(t, func(t *testing.T) {
			s := serve(t, handler)
			c := s.client(func(o *rest.Options) { o.Tokens = &tokens{present: "first", wait: time.Hour} })
			closed := errors.New("the client is closed")
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(5*time.Second, func() { cancel(closed) })
			began := time.Now()
			err := c.Do(ctx, patient(), nil)
			if failure := failed(t, err); failure.Status != rest.StatusNetwork || !errors.Is(err, closed) || time.Since(began) != 5*time.Second {
				t.Errorf("%s: %v after %v", name, failure, time.Since(began))
			}
			s.count(1)
		})
	}
}

func TestContext_WhoseTimeIsUpIsATimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, hang)
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := s.client().Do(ctx, patient(), nil)
		if failure := failed(t, err); failure.Status != rest.StatusTimeout || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", failure)
		}
		s.count(1)
	})
}
