package auth

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/store"
)

func TestTokens_ARevokedTokenEndsAtOnceAndAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token, other := f.issue(t, agentID, time.Hour), f.issue(t, agentID, time.Hour)
	revoke(t, f.tokens, token)
	wantError(t, f.tokens, token, ErrTokenRevoked)
	wantValid(t, f.tokens, other)
}

func TestTokens_ARevokedTokenStaysRevokedAfterARestart(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token, other := f.issue(t, agentID, time.Hour), f.issue(t, agentID, time.Hour)
	revoke(t, f.tokens, token)
	restarted := f.open(t)
	wantError(t, restarted, token, ErrTokenRevoked)
	wantValid(t, restarted, other)
}

func TestTokens_RevokingForgetsWhatHasExpired(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	revoke(t, f.tokens, f.issue(t, agentID, time.Hour))
	f.clock.advance(time.Hour)
	revoke(t, f.tokens, f.issue(t, agentID, time.Hour))
	kept, err := f.kept.RevokedTokens(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(kept) != 1 {
		t.Errorf("%d revoked tokens are kept, want 1", len(kept))
	}
}

func TestTokens_RevokingAllEndsTheUsersTokensAndNoOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	remembered, fresh, others := f.issue(t, agentID, 0), f.issue(t, agentID, 0), f.issue(t, otherID, 0)
	wantValid(t, f.tokens, remembered)
	if err := f.tokens.RevokeAll(t.Context(), agentID); err != nil {
		t.Fatal(err)
	}
	wantError(t, f.tokens, remembered, ErrTokenRevoked)
	wantError(t, f.tokens, fresh, ErrTokenRevoked)
	wantValid(t, f.tokens, others)
	wantValid(t, f.tokens, f.issue(t, agentID, 0))
}

func TestTokens_RevokingAllOfNobodyIsNotFound(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if err := f.tokens.RevokeAll(t.Context(), ghostID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("error %v, want store.ErrNotFound", err)
	}
}

func TestTokens_OfAnInactiveUserAreNotValid(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.issue(t, otherID, 0)
	wantValid(t, f.tokens, token)
	off := inactive(newUser(otherID, "other@demo.example"))
	f.change(t, directory.Change{Action: directory.Update, Kind: directory.KindUser, Fields: []string{"active"}, Document: off})
	wantError(t, f.tokens, token, ErrTokenRevoked)
}

func TestTokens_OfADeletedUserAreNotValid(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.issue(t, otherID, 0)
	wantValid(t, f.tokens, token)
	gone := newUser(otherID, "other@demo.example")
	f.change(t, directory.Change{Action: directory.Delete, Kind: directory.KindUser, Document: gone})
	wantError(t, f.tokens, token, ErrTokenRevoked)
}

func TestTokens_OfALaterGenerationThanTheUsersAreNotValid(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token, _, err := f.tokens.Issue(&directory.User{ID: agentID, TokenGeneration: 1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, f.tokens, token, ErrTokenRevoked)
}

func TestTokens_RevokingIsInEffectForAllWhoVerifyAtTheSameTime(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	token := f.issue(t, agentID, 0)
	var revoked atomic.Bool
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for late := false; !late; {
				late = revoked.Load() // read before verifying
				if _, err := f.tokens.Verify(t.Context(), token); late && !errors.Is(err, ErrTokenRevoked) {
					t.Errorf("error %v after the token was revoked", err)
				}
			}
		})
	}
	revoke(t, f.tokens, token)
	revoked.Store(true)
	group.Wait()
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
