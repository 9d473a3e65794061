package auth

import (
	"errors"
	"sync"
	"testing"
	"time"
)

func TestLogins_TheRightPasswordGivesATokenOfTheUser(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token, life, err := f.login(t, "agent@demo.example", password)
	if err != nil {
		t.Fatal(err)
	}
	if life != 24*time.Hour {
		t.Errorf("life %s, want 24h", life)
	}
	identity, err := f.tokens.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if identity.User != agentID {
		t.Errorf("token of user %s, want %s", identity.User, agentID)
	}
}

func TestLogins_GrantTheLifeAskedFor(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, life, err := f.logins.Login(t.Context(), Attempt{
		Username: "agent@demo.example", Password: password, Address: home, TTL: 10 * time.Hour,
	})
	if err != nil || life != 10*time.Hour {
		t.Errorf("life %s and error %v, want 10h", life, err)
	}
}

func TestLogins_TakeTheUsernameInAnyCase(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, _, err := f.login(t, "AGENT@demo.EXAMPLE", password); err != nil {
		t.Error(err)
	}
}

// refusals are the ways not to log in. Nothing may tell them apart.
var refusals = []struct{ name, username, password string }{
	{"a wrong password", "agent@demo.example", "wrong horse"},
	{"no password", "agent@demo.example", ""},
	{"an unknown user", "nobody@demo.example", password},
	{"no user", "", password},
	{"an inactive user", "inactive@demo.example", password},
	{"a user without a password", "hashless@demo.example", ""},
	{"a user whose hash is broken", "broken@demo.example", password},
	{"a user whose tenants want single sign-on", "sso@demo.example", password},
	{"a user whose membership with password log-in is inactive", "former@demo.example", password},
}

func TestLogins_TellRefusalsApartByNothing(t *testing.T) {
	t.Parallel()
	for _, refusal := range refusals {
		t.Run(refusal.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			token, life, err := f.login(t, refusal.username, refusal.password)
			if token != "" || life != 0 || err != ErrBadCredentials {
				t.Errorf("token %q, life %s, error %v; want ErrBadCredentials alone", token, life, err)
			}
			_, _, err = f.login(t, refusal.username, refusal.password)
			wantRetryAfter(t, err, time.Second)
		})
	}
}

func TestLogins_EveryRefusalCostsTheCheckOfAPassword(t *testing.T) {
	t.Parallel()
	for _, refusal := range refusals {
		t.Run(refusal.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.occupy(t)
			if _, _, err := f.login(t, refusal.username, refusal.password); !errors.Is(err, ErrBusy) {
				t.Errorf("error %v while no password can be checked, want ErrBusy", err)
			}
		})
	}
}

func TestLogins_OneTenantWithPasswordLogInIsEnough(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, _, err := f.login(t, "mixed@demo.example", password); err != nil {
		t.Error(err)
	}
}

func TestLogins_AUserWithoutTenantsMayUseAPassword(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if _, _, err := f.login(t, "other@demo.example", password); err != nil {
		t.Error(err)
	}
}

func TestLogins_AFailureSlowsTheNextAttemptEvenWithTheRightPassword(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.wantRefused(t, "agent@demo.example", "wrong horse")
	_, _, err := f.login(t, "agent@demo.example", password)
	wantRetryAfter(t, err, time.Second)
	f.clock.advance(time.Second)
	if _, _, err := f.login(t, "agent@demo.example", password); err != nil {
		t.Error(err)
	}
}

func TestLogins_AnotherSpellingOfTheUsernameIsNoWayAroundTheWait(t *testing.T) {
	t.Parallel()
	for username, spelling := range map[string]string{
		"agent@demo.example":  "AGENT@demo.example",
		"nobody@demo.example": "NOBODY@demo.example", // else it would tell that nobody exists
	} {
		f := newFixture(t)
		f.wantRefused(t, username, "wrong horse")
		_, _, err := f.login(t, spelling, "wrong horse")
		wantRetryAfter(t, err, time.Second)
	}
}

func TestLogins_GuessesElsewhereDoNotKeepTheUserOut(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range 8 {
		_, _, err := f.logins.Login(t.Context(), Attempt{Username: "agent@demo.example", Password: "guess", Address: abroad})
		if !errors.Is(err, ErrBadCredentials) {
			t.Fatal(err)
		}
		f.clock.advance(30 * time.Second)
	}
	if _, _, err := f.login(t, "agent@demo.example", password); err != nil {
		t.Error(err)
	}
}

func TestLogins_OfGuessesInParallelOneIsChecked(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	const guesses = 2 * attemptsWaiting
	var errs [guesses]error
	var group sync.WaitGroup
	for i := range guesses {
		group.Go(func() { _, _, errs[i] = f.login(t, "agent@demo.example", "guess") })
	}
	group.Wait()
	checked := 0
	for _, err := range errs {
		var slowed *Slowed
		switch {
		case err == ErrBadCredentials:
			checked++
		case !errors.As(err, &slowed) && !errors.Is(err, ErrBusy):
			t.Errorf("error %v", err)
		}
	}
	if checked != 1 {
		t.Errorf("%d guesses were checked, want 1", checked)
	}
}

func TestLogins_BeingBusyIsNoFailure(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	release := f.occupy(t)
	if _, _, err := f.login(t, "agent@demo.example", password); !errors.Is(err, ErrBusy) {
		t.Fatalf("error %v, want ErrBusy", err)
	}
	release()
	if _, _, err := f.login(t, "agent@demo.example", password); err != nil {
		t.Error(err)
	}
}

func TestLogins_ADirectoryThatFailsIsNoFailureOfTheUser(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.logins.directory = failing{}
	if _, _, err := f.login(t, "agent@demo.example", password); !errors.Is(err, errFailing) {
		t.Fatalf("error %v, want the directory's", err)
	}
	f.logins.directory = f.directory
	if _, _, err := f.login(t, "agent@demo.example", password); err != nil {
		t.Error(err)
	}
}

// login logs in from home.
func (f *fixture) login(t *testing.T, username, password string) (string, time.Duration, error) {
	t.Helper()
	return f.logins.Login(t.Context(), Attempt{Username: username, Password: password, Address: home})
}

func (f *fixture) wantRefused(t *testing.T, username, password string) {
	t.Helper()
	if _, _, err := f.login(t, username, password); !errors.Is(err, ErrBadCredentials) {
		t.Fatalf("error %v, want ErrBadCredentials", err)
	}
}

// occupy takes all places at the gate, so that no password can be checked until
// they are released.
func (f *fixture) occupy(t *testing.T) (release func()) {
	t.Helper()
	places := cap(f.passwords.gate.places)
	for range places {
		f.passwords.gate.places <- struct{}{}
	}
	return func() {
		for range places {
			<-f.passwords.gate.places
		}
	}
}

func wantRetryAfter(t *testing.T, err error, want time.Duration) {
	t.Helper()
	var slowed *Slowed
	if !errors.As(err, &slowed) {
		t.Fatalf("error %v, want *Slowed", err)
	}
	if slowed.RetryAfter != want {
		t.Errorf("retry after %s, want %s", slowed.RetryAfter, want)
	}
}
