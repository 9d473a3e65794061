package auth

import (
	"errors"
	"testing"
	"time"
)

// derive returns a token derived from the one given, and its life.
func (f *fixture) derive(t *testing.T, parent string, ttl time.Duration) (string, time.Duration) {
	t.Helper()
	identity, err := f.tokens.Verify(t.Context(), parent)
	if err != nil {
		t.Fatal(err)
	}
	token, life, err := f.tokens.Derive(identity, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return token, life
}

func TestTokens_ADerivedTokenIsTheSameUsers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	parent := f.issue(t, agentID, 12*time.Hour)
	derived, _ := f.derive(t, parent, time.Hour)
	of, err := f.tokens.Verify(t.Context(), parent)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := f.open(t).Verify(t.Context(), derived) // as the text says, not as it is remembered
	if err != nil {
		t.Fatal(err)
	}
	if identity.User != agentID || identity.TokenID == of.TokenID || identity.Parent != of.TokenID {
		t.Errorf("derived %+v from %+v", identity, of)
	}
}

func TestTokens_ADerivedTokenLivesAsLongAsAskedButNoLongerThanItsParent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ spent, asked, want time.Duration }{
		{0, time.Hour, time.Hour},
		{0, 0, 12 * time.Hour},
		{0, 7 * 24 * time.Hour, 12 * time.Hour},
		{11*time.Hour + 30*time.Minute, time.Hour, 30 * time.Minute},
		{12*time.Hour - 10*time.Second, time.Hour, 10 * time.Second},
	} {
		f := newFixture(t)
		parent := f.issue(t, agentID, 12*time.Hour)
		f.clock.advance(c.spent)
		derived, life := f.derive(t, parent, c.asked)
		if life != c.want {
			t.Errorf("%s after its parent's issue one for %s lives for %s, want %s", c.spent, c.asked, life, c.want)
		}
		f.clock.advance(life - time.Second)
		wantValid(t, f.tokens, derived)
		f.clock.advance(time.Second)
		wantError(t, f.tokens, derived, ErrTokenExpired)
	}
}

func TestTokens_NothingIsDerivedFromATokenThatHasExpired(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	identity, err := f.tokens.Verify(t.Context(), f.issue(t, agentID, time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	f.clock.advance(time.Hour)
	if _, _, err := f.tokens.Derive(identity, time.Hour); !errors.Is(err, ErrTokenExpired) {
		t.Errorf("error %v", err)
	}
}

// Or whoever gets hold of a short token could go on for ever.
func TestTokens_NothingIsDerivedFromADerivedToken(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	derived, _ := f.derive(t, f.issue(t, agentID, 12*time.Hour), time.Hour)
	identity, err := f.tokens.Verify(t.Context(), derived)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.tokens.Derive(identity, time.Hour); !errors.Is(err, ErrTokenInvalid) {
		t.Errorf("error %v", err)
	}
}

func TestTokens_RevokingATokenEndsThoseDerivedFromItAndNoOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	parent, other := f.issue(t, agentID, 12*time.Hour), f.issue(t, agentID, 12*time.Hour)
	first, _ := f.derive(t, parent, time.Hour)
	second, _ := f.derive(t, parent, 12*time.Hour)
	others, _ := f.derive(t, other, time.Hour)
	identity, err := f.tokens.Verify(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	revoke(t, f.tokens, parent)
	for _, tokens := range []*Tokens{f.tokens, f.open(t)} { // after a restart too
		wantError(t, tokens, parent, ErrTokenRevoked)
		wantError(t, tokens, first, ErrTokenRevoked)
		wantError(t, tokens, second, ErrTokenRevoked)
		wantValid(t, tokens, other)
		wantValid(t, tokens, others)
	}
	if err := f.tokens.Recheck(t.Context(), identity); !errors.Is(err, ErrTokenRevoked) {
		t.Errorf("a connection with a derived token goes on: %v", err)
	}
}

func TestTokens_RevokingADerivedTokenLeavesTheOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	parent := f.issue(t, agentID, 12*time.Hour)
	first, _ := f.derive(t, parent, time.Hour)
	second, _ := f.derive(t, parent, time.Hour)
	revoke(t, f.tokens, first)
	wantError(t, f.tokens, first, ErrTokenRevoked)
	wantValid(t, f.tokens, second)
	wantValid(t, f.tokens, parent)
}

func TestAddressOf_IsTheConnections(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.1:49152":     "192.0.2.1",
		"[2001:db8::1]:49152": "2001:db8::1",
		"[fe80::1%eth0]:80":   "fe80::1%eth0",
		"pipe":                "invalid IP",
		"":                    "invalid IP",
	} {
		if got := AddressOf(remote).String(); got != want {
			t.Errorf("%q is %s, want %s", remote, got, want)
		}
	}
}
