package auth

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Tokens issues, verifies and revokes tokens.
type Tokens struct {
	kept       store.Tokens
	directory  store.Directory
	now        func() time.Time
	signer     signer
	remembered remembered
	// revoked is all that is kept, so that a use asks no store.
	revoked expiring[presence.UUID, struct{}]
}

// OpenTokens returns the tokens of a process: signed with the key that kept has,
// or with a new one where it has none. Users are looked up at each use of a
// token, so directory should answer from memory; it must know of its own writes
// at once. now is the clock.
func OpenTokens(ctx context.Context, kept store.Tokens, directory store.Directory, now func() time.Time) (*Tokens, error) {
	var candidate store.SigningKey
	rand.Read(candidate[:]) // never fails: crypto/rand ends the process instead
	key, err := kept.SigningKey(ctx, candidate)
	if err != nil {
		return nil, fmt.Errorf("open tokens: %w", err)
	}
	t := &Tokens{kept: kept, directory: directory, now: now, signer: newSigner(key)}
	t.remembered.shardLimit = rememberedTokens / expiringShards
	instant := presence.InstantOf(now())
	revoked, err := kept.RevokedTokens(ctx, instant)
	if err != nil {
		return nil, fmt.Errorf("open tokens: %w", err)
	}
	for _, token := range revoked {
		t.revoked.put(token.ID.UUID, struct{}{}, token.Expires, instant)
	}
	return t, nil
}

// Issue returns a new token of the user and how long it lives from now, in whole
// seconds: ttl if it is from [ShortestLife] to [LongestLife], else the nearest of
// these; [DefaultLife] if it is 0.
func (t *Tokens) Issue(user *directory.User, ttl time.Duration) (token string, life time.Duration, err error) {
	return t.sign(Identity{User: user.ID, Generation: user.TokenGeneration}, granted(ttl))
}

// Derive returns a new token of the same user, and its life as [Tokens.Issue]
// does, that ends with the token it is derived from: it expires no later, and is
// revoked with it. So whoever holds a derived token cannot outlast the other. It
// fails with [ErrTokenExpired] where less than a second is left, and with
// [ErrTokenInvalid] for a token that is derived itself.
func (t *Tokens) Derive(parent Identity, ttl time.Duration) (token string, life time.Duration, err error) {
	if !parent.Parent.IsZero() {
		return "", 0, ErrTokenInvalid
	}
	left := parent.ExpiresAt.Sub(presence.InstantOf(t.now().Truncate(time.Second)))
	if left < time.Second {
		return "", 0, ErrTokenExpired
	}
	return t.sign(Identity{User: parent.User, Generation: parent.Generation, Parent: parent.TokenID}, min(granted(ttl), left))
}

// sign gives a token of its own id and that life, whole seconds, to an identity.
func (t *Tokens) sign(identity Identity, life time.Duration) (string, time.Duration, error) {
	identity.TokenID = store.TokenID{UUID: presence.UUID(uuid.New())}
	identity.IssuedAt = presence.InstantOf(t.now().Truncate(time.Second))
	identity.ExpiresAt = identity.IssuedAt.Add(life)
	token, err := t.signer.sign(identity)
	if err != nil {
		return "", 0, err
	}
	return token, life, nil
}

// Verify tells whose token this is. It fails with [ErrTokenInvalid],
// [ErrTokenExpired], [ErrTokenRevoked] (also for a user who is inactive or gone)
// or, when the user cannot be looked up, the directory's error.
func (t *Tokens) Verify(ctx context.Context, token string) (Identity, error) {
	now := presence.InstantOf(t.now())
	identity, ok := t.remembered.find(token)
	if !ok {
		var err error
		if identity, err = t.signer.read(token); err != nil {
			return Identity{}, err
		}
		t.remembered.add(token, identity, now)
	}
	if err := t.check(ctx, identity, now); err != nil {
		return Identity{}, err
	}
	return identity, nil
}

// Recheck tells whether a token that was verified is still valid, for connections
// that outlive one request. It fails as [Tokens.Verify] does.
func (t *Tokens) Recheck(ctx context.Context, identity Identity) error {
	return t.check(ctx, identity, presence.InstantOf(t.now()))
}

// Revoke ends the token and those derived from it. It is durable and in effect when the method returns; on
// an error nothing has changed. Idempotent.
func (t *Tokens) Revoke(ctx context.Context, identity Identity) error {
	now := presence.InstantOf(t.now())
	revoked := store.RevokedToken{ID: identity.TokenID, Expires: identity.ExpiresAt}
	if err := t.kept.RevokeToken(ctx, revoked, now); err != nil {
		return fmt.Errorf("revoke a token: %w", err)
	}
	t.revoked.put(identity.TokenID.UUID, struct{}{}, identity.ExpiresAt, now)
	return nil
}

// RevokeAll ends all tokens that the user has. It is durable and in effect when
// the method returns; on an error nothing has changed. It fails with
// [store.ErrNotFound] for an unknown user.
func (t *Tokens) RevokeAll(ctx context.Context, user presence.AgentID) error {
	if _, err := t.directory.RaiseTokenGeneration(ctx, user); err != nil {
		return fmt.Errorf("revoke the tokens of user %s: %w", user, err)
	}
	return nil
}

// check tells whether a token of ours is valid now. It asks for everything that
// can change, at every use, so that a change is in effect at once.
func (t *Tokens) check(ctx context.Context, identity Identity, now presence.Instant) error {
	if identity.ExpiresAt <= now {
		return ErrTokenExpired
	}
	if t.isRevoked(identity.TokenID) || !identity.Parent.IsZero() && t.isRevoked(identity.Parent) {
		return ErrTokenRevoked
	}
	user, err := t.directory.User(ctx, identity.User)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return ErrTokenRevoked
	case err != nil:
		return fmt.Errorf("look up the user of a token: %w", err)
	case !user.Active, user.TokenGeneration != identity.Generation:
		return ErrTokenRevoked
	}
	return nil
}

// isRevoked reports whether the token was revoked. It is remembered for as long as
// the token would have lived, and so for as long as any derived from it would.
func (t *Tokens) isRevoked(token store.TokenID) bool {
	_, revoked := t.revoked.get(token.UUID)
	return revoked
}
