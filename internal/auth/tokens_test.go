package auth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func TestTokens_AVerifiedTokenTellsWhoseItIs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.clock.advance(750 * time.Millisecond)
	issued := presence.InstantOf(f.clock.now()) - 750
	token := f.issue(t, agentID, time.Hour)
	for _, use := range []string{"first", "remembered"} {
		got, err := f.tokens.Verify(t.Context(), token)
		if err != nil {
			t.Fatalf("%s use: %v", use, err)
		}
		want := Identity{User: agentID, TokenID: got.TokenID, IssuedAt: issued, ExpiresAt: issued.Add(time.Hour)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s use (-want +got):\n%s", use, diff)
		}
		if got.TokenID.IsZero() {
			t.Error("the token has no id")
		}
	}
}

func TestTokens_GrantTheLifeAskedForWithinBounds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for asked, want := range map[time.Duration]time.Duration{
		0:                              24 * time.Hour,
		-time.Hour:                     time.Minute,
		time.Nanosecond:                time.Minute,
		time.Minute:                    time.Minute,
		90*time.Second + time.Second/2: 90 * time.Second,
		7 * 24 * time.Hour:             7 * 24 * time.Hour,
		8 * 24 * time.Hour:             7 * 24 * time.Hour,
		Seconds(0):                     24 * time.Hour,
		Seconds(3600):                  time.Hour,
		Seconds(1 << 62):               7 * 24 * time.Hour,
		Seconds(-1 << 63):              time.Minute,
	} {
		token, life, err := f.tokens.Issue(&directory.User{ID: agentID}, asked)
		if err != nil {
			t.Fatal(err)
		}
		if life != want {
			t.Errorf("asked for %s: granted %s, want %s", asked, life, want)
		}
		identity, err := f.tokens.Verify(t.Context(), token)
		if err != nil {
			t.Fatal(err)
		}
		if got := identity.ExpiresAt.Sub(identity.IssuedAt); got != life {
			t.Errorf("asked for %s: said %s, granted %s", asked, life, got)
		}
	}
}

func TestTokens_ExistingDesktopsCanReadThePayload(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range 500 {
		payload := strings.Split(f.issue(t, agentID, 0), ".")[1]
		// They know the alphabet of plain base64 only.
		if strings.ContainsAny(payload, "-_") {
			t.Fatalf("payload %s is not plain base64", payload)
		}
	}
}

func TestTokens_CarryTheirClaims(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.issue(t, agentID, time.Hour)
	identity, err := f.tokens.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(payload, &got); err != nil {
		t.Fatal(err)
	}
	issued := float64(f.clock.now().Unix())
	want := map[string]any{
		"exp": issued + 3600, "iat": issued, "jti": identity.TokenID.String(),
		"sub": agentID.String(), "user-id": agentID.String(), "gen": 0.0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestTokens_EndAtTheirExpiry(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.issue(t, agentID, time.Hour)
	f.clock.advance(time.Hour - time.Millisecond)
	wantValid(t, f.tokens, token)
	f.clock.advance(time.Millisecond)
	wantError(t, f.tokens, token, ErrTokenExpired)
	wantError(t, f.open(t), token, ErrTokenExpired) // where it is not remembered
}

func TestTokens_ARememberedTokenWithAnythingChangedIsNotValid(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.issue(t, agentID, 0)
	wantValid(t, f.tokens, token)
	for i := range token {
		wantError(t, f.tokens, token[:i]+token[i+1:], ErrTokenInvalid)
		wantError(t, f.tokens, token[:i], ErrTokenInvalid)
		wantError(t, f.tokens, token[i+1:], ErrTokenInvalid)
		for _, c := range []byte("Aa.-_=\n") {
			if c != token[i] {
				wantError(t, f.tokens, token[:i]+string(c)+token[i+1:], ErrTokenInvalid)
			}
		}
	}
	other := f.issue(t, otherID, 0)
	dot, otherDot := strings.LastIndexByte(token, '.'), strings.LastIndexByte(other, '.')
	wantError(t, f.tokens, other[:otherDot]+token[dot:], ErrTokenInvalid)
	wantValid(t, f.tokens, token)
}

func TestTokens_AStoreThatFailsSaysSoAndChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.issue(t, agentID, 0)
	identity, err := f.tokens.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}

	f.tokens.directory = failing{}
	wantError(t, f.tokens, token, store.ErrUnavailable)
	if err := f.tokens.RevokeAll(t.Context(), agentID); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("revoking all: error %v, want store.ErrUnavailable", err)
	}
	f.tokens.directory = f.directory

	f.tokens.kept = failing{}
	if err := f.tokens.Revoke(t.Context(), identity); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("revoking: error %v, want store.ErrUnavailable", err)
	}
	wantValid(t, f.tokens, token)
}

func wantValid(t *testing.T, tokens *Tokens, token string) {
	t.Helper()
	wantError(t, tokens, token, nil)
}

func wantError(t *testing.T, tokens *Tokens, token string, want error) {
	t.Helper()
	identity, err := tokens.Verify(t.Context(), token)
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
	if err != nil && identity != (Identity{}) {
		t.Errorf("identity %v beside an error", identity)
	}
}

func FuzzTokens_Verify(fuzz *testing.F) {
	f := newFixture(fuzz)
	good := f.issue(fuzz, agentID, 0)
	if _, err := f.tokens.Verify(fuzz.Context(), good); err != nil {
		fuzz.Fatal(err)
	}
	fuzz.Add(good)
	fuzz.Add(good + "=")
	fuzz.Add(good[:len(good)-1] + "\n" + good[len(good)-1:])
	fuzz.Add("eyJhbGciOiJub25lIn0.e30.")
	fuzz.Add("..")
	fuzz.Fuzz(func(t *testing.T, text string) {
		identity, err := f.tokens.Verify(t.Context(), text)
		switch {
		case err == nil && text != good:
			t.Fatalf("%q was accepted as %v", text, identity)
		case err != nil && (err != ErrTokenInvalid || identity != Identity{}):
			t.Fatalf("%q: identity %v and error %v", text, identity, err)
		}
	})
}
