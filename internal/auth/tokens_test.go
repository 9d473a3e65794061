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
	h := newHouse(t)
	h.clock.advance(750 * time.Millisecond)
	issued := presence.InstantOf(h.clock.now()) - 750
	token := h.issue(t, agentID, time.Hour)
	for _, use := range []string{"first", "remembered"} {
		got, err := h.tokens.Verify(t.Context(), token)
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
	h := newHouse(t)
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
		token, life, err := h.tokens.Issue(&directory.User{ID: agentID}, asked)
		if err != nil {
			t.Fatal(err)
		}
		if life != want {
			t.Errorf("asked for %s: granted %s, want %s", asked, life, want)
		}
		identity, err := h.tokens.Verify(t.Context(), token)
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
	h := newHouse(t)
	for range 500 {
		payload := strings.Split(h.issue(t, agentID, 0), ".")[1]
		// They know the alphabet of plain base64 only.
		if strings.ContainsAny(payload, "-_") {
			t.Fatalf("payload %s is not plain base64", payload)
		}
	}
}

func TestTokens_CarryTheirClaims(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.issue(t, agentID, time.Hour)
	identity, err := h.tokens.Verify(t.Context(), token)
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
	issued := float64(h.clock.now().Unix())
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
	h := newHouse(t)
	token := h.issue(t, agentID, time.Hour)
	h.clock.advance(time.Hour - time.Millisecond)
	wantValid(t, h.tokens, token)
	h.clock.advance(time.Millisecond)
	wantError(t, h.tokens, token, ErrTokenExpired)
	wantError(t, h.open(t), token, ErrTokenExpired) // where it is not remembered
}

func TestTokens_ARevokedTokenEndsAtOnceAndAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token, other := h.issue(t, agentID, time.Hour), h.issue(t, agentID, time.Hour)
	revoke(t, h.tokens, token)
	wantError(t, h.tokens, token, ErrTokenRevoked)
	wantValid(t, h.tokens, other)
}

func TestTokens_ARevokedTokenStaysRevokedAfterARestart(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token, other := h.issue(t, agentID, time.Hour), h.issue(t, agentID, time.Hour)
	revoke(t, h.tokens, token)
	restarted := h.open(t)
	wantError(t, restarted, token, ErrTokenRevoked)
	wantValid(t, restarted, other)
}

func TestTokens_RevokingForgetsWhatHasExpired(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	revoke(t, h.tokens, h.issue(t, agentID, time.Hour))
	h.clock.advance(time.Hour)
	revoke(t, h.tokens, h.issue(t, agentID, time.Hour))
	kept, err := h.kept.RevokedTokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) != 1 {
		t.Errorf("%d revoked tokens are kept, want 1", len(kept))
	}
}

func TestTokens_RevokingAllEndsTheUsersTokensAndNoOthers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	remembered, fresh, others := h.issue(t, agentID, 0), h.issue(t, agentID, 0), h.issue(t, otherID, 0)
	wantValid(t, h.tokens, remembered)
	if err := h.tokens.RevokeAll(t.Context(), agentID); err != nil {
		t.Fatal(err)
	}
	wantError(t, h.tokens, remembered, ErrTokenRevoked)
	wantError(t, h.tokens, fresh, ErrTokenRevoked)
	wantValid(t, h.tokens, others)
	wantValid(t, h.tokens, h.issue(t, agentID, 0))
}

func TestTokens_RevokingAllOfNobodyIsNotFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if err := h.tokens.RevokeAll(t.Context(), ghostID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("error %v, want store.ErrNotFound", err)
	}
}

func TestTokens_OfAnInactiveUserAreNotValid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.issue(t, otherID, 0)
	wantValid(t, h.tokens, token)
	off := inactive(newUser(otherID, "other@demo.example"))
	h.change(t, directory.Change{Action: directory.Update, Kind: directory.KindUser, Fields: []string{"active"}, Document: off})
	wantError(t, h.tokens, token, ErrTokenRevoked)
}

func TestTokens_OfADeletedUserAreNotValid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.issue(t, otherID, 0)
	wantValid(t, h.tokens, token)
	gone := newUser(otherID, "other@demo.example")
	h.change(t, directory.Change{Action: directory.Delete, Kind: directory.KindUser, Document: gone})
	wantError(t, h.tokens, token, ErrTokenRevoked)
}

func TestTokens_OfALaterGenerationThanTheUsersAreNotValid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token, _, err := h.tokens.Issue(&directory.User{ID: agentID, TokenGeneration: 1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, h.tokens, token, ErrTokenRevoked)
}

func TestTokens_AStoreThatFailsSaysSoAndChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	token := h.issue(t, agentID, 0)
	identity, err := h.tokens.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}

	h.tokens.directory = failing{}
	wantError(t, h.tokens, token, store.ErrUnavailable)
	if err := h.tokens.RevokeAll(t.Context(), agentID); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("revoking all: error %v, want store.ErrUnavailable", err)
	}
	h.tokens.directory = h.directory

	h.tokens.kept = failing{}
	if err := h.tokens.Revoke(t.Context(), identity); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("revoking: error %v, want store.ErrUnavailable", err)
	}
	wantValid(t, h.tokens, token)
}

func revoke(t *testing.T, tokens *Tokens, token string) {
	t.Helper()
	identity, err := tokens.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if err := tokens.Revoke(t.Context(), identity); err != nil {
		t.Fatal(err)
	}
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
