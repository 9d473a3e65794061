package sdk

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

// till are credentials whose owner notes what they tell.
type till struct {
	*credentials
	mu      sync.Mutex // guards the fields below
	refused []api.Code
	fresh   []string
}

func newTill(patience time.Duration, fetch func(context.Context) (string, error)) *till {
	log := slog.New(slog.DiscardHandler)
	w := &till{credentials: newCredentials(Options{Token: fetch, Log: log}, &callbacks{log: log})}
	w.credentials.patience = func() time.Duration { return patience }
	w.credentials.refused = func(code api.Code) { w.mu.Lock(); defer w.mu.Unlock(); w.refused = append(w.refused, code) }
	w.credentials.fresh = func(token string) { w.mu.Lock(); defer w.mu.Unlock(); w.fresh = append(w.fresh, token) }
	return w
}

func TestCredentials_TellOnceOfATokenThatIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTill(time.Minute, nil)
		w.set("first")
		var waiting sync.WaitGroup
		for range 5 {
			waiting.Go(func() {
				if fresh, err := w.Refused(t.Context(), "first", api.CodeTokenExpired); err != nil || fresh != "second" {
					t.Errorf("%q, %v", fresh, err)
				}
			})
		}
		synctest.Wait()
		w.set("second")
		waiting.Wait()
		if fresh, err := w.Refused(t.Context(), "first", api.CodeTokenExpired); err != nil || fresh != "second" {
			t.Errorf("who comes late gets %q, %v", fresh, err)
		}
		if !slices.Equal(w.refused, []api.Code{api.CodeTokenExpired}) {
			t.Errorf("refused: %v", w.refused)
		}
	})
}

func TestCredentials_WaitAsLongAsThereIsSomethingToSave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, patience := range []time.Duration{0, 5 * time.Minute} {
			w := newTill(patience, nil)
			w.set("first")
			before := time.Now()
			if _, err := w.Refused(t.Context(), "first", api.CodeTokenExpired); !errors.Is(err, errNoFreshToken) {
				t.Error(err)
			}
			if took := time.Since(before); took != patience {
				t.Errorf("with a patience of %s it took %s", patience, took)
			}
		}
		w := newTill(time.Hour, nil)
		w.set("first")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.Refused(ctx, "first", api.CodeTokenExpired); err == nil {
			t.Error("it outlives its context")
		}
	})
}

func TestCredentials_AskTheCallbackOneAtATimeAndAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls, atOnce := 0, 0
		w := newTill(time.Minute, func(context.Context) (string, error) {
			calls++
			if atOnce++; atOnce > 1 {
				t.Error("the callback is called twice at once")
			}
			time.Sleep(time.Second)
			atOnce--
			switch calls {
			case 1:
				return "", errors.New("not now")
			case 2:
				return "first", nil // which is none
			}
			return fmt.Sprintf("token %d", calls), nil
		})
		w.set("first")
		var waiting sync.WaitGroup
		for range 5 {
			waiting.Go(func() {
				if fresh, err := w.Refused(t.Context(), "first", api.CodeTokenRevoked); err != nil || fresh == "first" {
					t.Errorf("%q, %v", fresh, err)
				}
			})
		}
		waiting.Wait()
		if !slices.Equal(w.fresh, []string{"first", w.Token()}) {
			t.Errorf("%d calls brought %v", calls, w.fresh)
		}
	})
}

// Somebody may clear the token while a request waits for a fresh one. It goes on waiting, and asking.
func TestCredentials_AreNotSatisfiedByNoToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		w := newTill(time.Minute, func(context.Context) (string, error) {
			if calls++; calls < 3 {
				return "", errors.New("not now")
			}
			return "second", nil
		})
		w.set("first")
		w.set("")
		if fresh, err := w.Refused(t.Context(), "first", api.CodeTokenExpired); err != nil || fresh != "second" {
			t.Errorf("%q, %v", fresh, err)
		}
		if calls != 3 {
			t.Errorf("the callback was called %d times", calls)
		}
	})
}

func TestCredentials_OutliveACallbackThatPanicsOrNeverReturns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTill(time.Minute, func(context.Context) (string, error) { panic("a mistake of the caller's") })
		w.set("first")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := w.Refused(ctx, "first", api.CodeTokenExpired); !errors.Is(err, errNoFreshToken) {
			t.Error(err)
		}

		release := make(chan struct{})
		w = newTill(time.Minute, func(context.Context) (string, error) { <-release; return "late", nil })
		w.set("first")
		before := time.Now()
		if _, err := w.Refused(t.Context(), "first", api.CodeTokenExpired); !errors.Is(err, errNoFreshToken) {
			t.Error(err)
		}
		if took := time.Since(before); took != time.Minute {
			t.Errorf("it took %s", took)
		}
		close(release)
		synctest.Wait()
		if w.Token() != "late" {
			t.Errorf("what the callback brings in the end is lost: the token is %q", w.Token())
		}
	})
}

func TestRenewal_IsAMinuteOrATenthOfTheLifeAhead(t *testing.T) {
	t.Parallel()
	token := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
	}
	for text, want := range map[string]time.Time{
		token(`{"iat":1000,"exp":4600}`):            time.Unix(4540, 0),
		token(`{"iat":1000,"exp":1100}`):            time.Unix(1090, 0),
		token(`{"iat":1000,"exp":1600}`):            time.Unix(1540, 0),
		token(`{"iat":1000}`):                       {},
		token(`{"exp":1000}`):                       {},
		token(`{"iat":1000,"exp":1000}`):            {},
		token(`{"iat":"soon","exp":4600}`):          {},
		token(`no JSON`):                            {},
		"e30.!!.c2ln":                               {},
		"opaque":                                    {},
		"":                                          {},
		token(`{"iat":1000,"exp":4600}`) + ".extra": {},
	} {
		if got := renewalOf(text); !got.Equal(want) {
			t.Errorf("%s is renewed at %s, not %s", text, got, want)
		}
	}
}
