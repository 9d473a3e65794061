package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Tokens checks an adapter of [store.Tokens]. open answers an empty store, a new
// one at each call.
func Tokens(t *testing.T, open func(t *testing.T) store.Tokens) {
	t.Run("the first signing key is kept", func(t *testing.T) {
		t.Parallel()
		tokens := open(t)
		wantSigningKey(t, tokens, store.SigningKey{1}, store.SigningKey{1})
		wantSigningKey(t, tokens, store.SigningKey{2}, store.SigningKey{1})
	})
	t.Run("starters at once agree on one signing key", func(t *testing.T) {
		t.Parallel()
		startersAgree(t, open(t))
	})
	t.Run("nothing is revoked at first", func(t *testing.T) {
		t.Parallel()
		wantRevoked(t, open(t), 0)
	})
	t.Run("revoked tokens are answered in the order of their ids", func(t *testing.T) {
		t.Parallel()
		tokens := open(t)
		third, first, second := revoked(0xff, 50), revoked(0x01, 70), revoked(0x7f, 60)
		revoke(t, tokens, third, 10)
		revoke(t, tokens, first, 11)
		revoke(t, tokens, second, 12)
		wantRevoked(t, tokens, 12, first, second, third)
	})
	t.Run("a token that has expired is not answered", func(t *testing.T) {
		t.Parallel()
		tokens := open(t)
		revoke(t, tokens, revoked(1, 50), 10)
		revoke(t, tokens, revoked(2, 51), 10)
		wantRevoked(t, tokens, 49, revoked(1, 50), revoked(2, 51))
		wantRevoked(t, tokens, 50, revoked(2, 51))
	})
	t.Run("revoking forgets what has expired", func(t *testing.T) {
		t.Parallel()
		tokens := open(t)
		revoke(t, tokens, revoked(1, 50), 10)
		revoke(t, tokens, revoked(2, 51), 10)
		revoke(t, tokens, revoked(3, 99), 50)
		wantRevoked(t, tokens, 0, revoked(2, 51), revoked(3, 99))
	})
	t.Run("revoking an expired token keeps nothing", func(t *testing.T) {
		t.Parallel()
		tokens := open(t)
		revoke(t, tokens, revoked(1, 50), 50)
		wantRevoked(t, tokens, 0)
	})
	t.Run("revoking twice changes nothing", func(t *testing.T) {
		t.Parallel()
		tokens := open(t)
		revoke(t, tokens, revoked(1, 50), 10)
		revoke(t, tokens, revoked(1, 40), 20)
		revoke(t, tokens, revoked(1, 60), 30)
		wantRevoked(t, tokens, 30, revoked(1, 50))
	})
	t.Run("revocations at once are all kept", func(t *testing.T) {
		t.Parallel()
		revocationsAtOnce(t, open(t))
	})
}

func startersAgree(t *testing.T, tokens store.Tokens) {
	t.Helper()
	const starters = 8
	var keys [starters]store.SigningKey
	var errs [starters]error
	var group sync.WaitGroup
	for i := range starters {
		group.Go(func() {
			keys[i], errs[i] = tokens.SigningKey(t.Context(), store.SigningKey{byte(i + 1)})
		})
	}
	group.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		if key != keys[0] || key == (store.SigningKey{}) {
			t.Fatalf("the starters hold different keys: %x", [][32]byte{keys[0], key})
		}
	}
}

func revocationsAtOnce(t *testing.T, tokens store.Tokens) {
	t.Helper()
	const callers = 8
	var want [callers]store.RevokedToken
	var errs [callers]error
	var group sync.WaitGroup
	for i := range callers {
		want[i] = revoked(byte(i), presence.Instant(50+i))
		group.Go(func() { errs[i] = tokens.RevokeToken(t.Context(), want[i], 10) })
	}
	group.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	wantRevoked(t, tokens, 10, want[:]...)
}

// revoked returns a token whose id begins with first.
func revoked(first byte, expires presence.Instant) store.RevokedToken {
	return store.RevokedToken{ID: store.TokenID{UUID: presence.UUID{first, 15: 1}}, Expires: expires}
}

func revoke(t *testing.T, tokens store.Tokens, token store.RevokedToken, now presence.Instant) {
	t.Helper()
	if err := tokens.RevokeToken(t.Context(), token, now); err != nil {
		t.Fatal(err)
	}
}

func wantSigningKey(t *testing.T, tokens store.Tokens, candidate, want store.SigningKey) {
	t.Helper()
	got, err := tokens.SigningKey(t.Context(), candidate)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Fatalf("signing key %x, want %x", [32]byte(got), [32]byte(want))
	}
}

func wantRevoked(t *testing.T, tokens store.Tokens, now presence.Instant, want ...store.RevokedToken) {
	t.Helper()
	got, err := tokens.RevokedTokens(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("revoked tokens at %d (-want +got):\n%s", int64(now), diff)
	}
}
