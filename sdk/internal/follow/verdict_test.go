package follow

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func TestClosed_ResumesOrStops(t *testing.T) {
	t.Parallel()
	for _, code := range append(api.CloseCodes(), 1000, 1001, 1011, 4099, 4199, 4299, 4300) {
		t.Run(code.Name(), func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				w.tokens.fresh = []string{"second"}
				w.welcomed().close(code)
				if code >= 4200 && code < 4300 {
					if s := w.stopped(); s.Code != code || s.Status != 0 || s.Reason != code.Reason() || s.Error() == "" {
						t.Errorf("got %+v", s)
					}
					w.expect("disconnected")
					return
				}
				token := "first"
				if code >= 4100 && code < 4200 {
					token = "second"
				}
				if p := w.socket(); p.cursor() != "e:10" || p.hello.Token != token {
					t.Errorf("resumes with %+v", p.hello)
				}
				w.expect("disconnected")
			})
		})
	}
}

func TestClosed_SaysWhatIsWrongWithTheToken(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.tokens.fresh = []string{"second", "third", "fourth"}
		w.socket().close(api.CloseTokenExpired)
		w.socket().close(api.CloseTokenRevoked)
		w.socket().close(api.CloseBadCredentials)
		w.socket()
		want := []string{"first token_expired", "second token_revoked", "third bad_credentials"}
		if diff := cmp.Diff(want, w.tokens.refused); diff != "" {
			t.Error(diff)
		}
	})
}

func TestClosed_StopsWithoutAFreshToken(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.socket().close(api.CloseTokenExpired)
		if s := w.stopped(); s.Code != api.CloseTokenExpired {
			t.Errorf("got %+v", s)
		}
	})
}

func TestFollower_WaitsForATokenBeforeItConnects(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		if p := w.socket(); p.hello.Token != "second" || w.tokens.refused[0] != " bad_credentials" {
			t.Errorf("says %q after %q", p.hello.Token, w.tokens.refused)
		}
	}, func(o *Options) {
		k := o.Tokens.(*tokens)
		k.token, k.fresh = "", []string{"second"}
	})
}

func TestRefused_WaitsAsLongAsItIsTold(t *testing.T) {
	t.Parallel()
	for _, transport := range []Transport{SocketOnly, EventsOnly} {
		inWorld(t, func(w *world) {
			for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusInternalServerError} {
				a := w.next()
				a.refuse(status, api.CodeRateLimited, "Retry-After", "7")
				if waited := w.comes(a); waited < 7*time.Second || waited > 8*time.Second {
					t.Errorf("after %d it comes in %s", status, waited)
				}
			}
			a := w.next()
			a.refuse(http.StatusServiceUnavailable, api.CodeUnavailable, "Retry-After", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
			if waited := w.comes(a); waited < 59*time.Second || waited > time.Minute+30*time.Second {
				t.Errorf("it comes in %s", waited)
			}
		}, by(transport))
	}
}

// comes is how long after a request the next one comes, which is answered with a failure that passes.
func (w *world) comes(a *arrival) time.Duration {
	w.t.Helper()
	b := w.next()
	b.refuse(http.StatusInternalServerError, api.CodeInternal)
	return b.at.Sub(a.at)
}

func TestRefused_StopsWhereTheServerSaysSo(t *testing.T) {
	t.Parallel()
	for _, transport := range []Transport{Auto, SocketOnly, EventsOnly} {
		for status, code := range map[int]api.Code{http.StatusForbidden: api.CodeForbidden, http.StatusNotFound: api.CodeNotFound} {
			inWorld(t, func(w *world) {
				w.next().refuse(status, code)
				if s := w.stopped(); s.Status != status || s.Code != 0 || s.Reason != "No." || s.Error() == "" {
					t.Errorf("got %+v", s)
				}
				w.expect("disconnected")
			}, by(transport))
		}
	}
}

func TestRefused_IsNoStopWhereSomethingElseAnswers(t *testing.T) {
	t.Parallel()
	for _, transport := range []Transport{SocketOnly, EventsOnly} {
		inWorld(t, func(w *world) {
			for _, status := range []int{http.StatusOK, http.StatusFound, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusBadGateway} {
				w.next().page(status)
			}
			w.next()
			if len(w.tokens.refused) > 0 {
				t.Errorf("the token is thought to be refused: %q", w.tokens.refused)
			}
		}, by(transport))
	}
}

func TestRefused_ComesBackWithAFreshToken(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.tokens.fresh = []string{"second"}
		w.next().refuse(http.StatusUnauthorized, api.CodeTokenRevoked)
		a := w.next()
		if got := a.r.Header.Get("Authorization"); got != "Token second" || w.tokens.refused[0] != "first token_revoked" {
			t.Errorf("says %q after %q", got, w.tokens.refused)
		}
		a.refuse(http.StatusUnauthorized, api.CodeTokenExpired)
		if s := w.stopped(); s.Status != http.StatusUnauthorized {
			t.Errorf("got %+v", s)
		}
	}, by(EventsOnly))
}

func TestBackoff_CountsAttemptsSinceAStreamStayedOpen(t *testing.T) {
	t.Parallel()
	const first, most = 500 * time.Millisecond, 30 * time.Second
	inWorld(t, func(w *world) {
		var longest time.Duration
		last := w.socket()
		last.cut()
		for k := range 40 {
			p := w.socket()
			waited := p.at.Sub(last.at)
			if most := min(most, first<<min(k, 10)); waited > most {
				t.Errorf("attempt %d comes after %s, %s are the most", k, waited, most)
			}
			longest = max(longest, waited)
			p.say(welcome("e:10")) // to be welcome is not to stay
			p.cut()
			last = p
		}
		if longest < most/2 {
			t.Errorf("the longest of many waits is %s", longest)
		}
		p := w.socket()
		p.say(welcome("e:10"))
		for range 4 {
			time.Sleep(8 * time.Second)
			p.say(`{"type":"beat","n":1}`)
			p.hear()
		}
		p.cut()
		began := time.Now()
		if next := w.next(); next.at.Sub(began) > first {
			t.Errorf("after a stream that stayed open it comes in %s", next.at.Sub(began))
		}
	})
}
