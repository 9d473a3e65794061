package store

import (
	"context"

	"github.com/muster-presence/muster/internal/presence"
)

// TokenID names an issued token: its claim "jti".
type TokenID struct{ presence.UUID }

// SigningKey is the secret that tokens are signed with.
type SigningKey [32]byte

// String hides the key, so that no log can hold it by accident.
func (SigningKey) String() string { return "(secret)" }

// RevokedToken is a token that is not valid any more though it has not expired.
type RevokedToken struct {
	ID TokenID
	// Expires is when the token would have ended by itself. From then on nothing
	// needs to be known about it.
	Expires presence.Instant
}

// Tokens keeps what must be known about tokens beside the tokens themselves. All
// methods may be called at once by any number of callers and return
// [ErrUnavailable] when the store cannot do it now.
type Tokens interface {
	// SigningKey answers the key that all tokens of this store are signed with.
	// Where none is kept yet, candidate becomes it. Of several callers at once,
	// one's candidate is kept and all get that one. Idempotent.
	SigningKey(ctx context.Context, candidate SigningKey) (SigningKey, error)

	// RevokeToken keeps the token as revoked and forgets all that have expired at
	// now, the given one included. It is durable when the method returns.
	// Idempotent: revoking again, whatever the expiry given then, changes nothing.
	RevokeToken(ctx context.Context, token RevokedToken, now presence.Instant) error

	// RevokedTokens answers all revoked tokens that expire after now, in the order
	// of their ids.
	RevokedTokens(ctx context.Context, now presence.Instant) ([]RevokedToken, error)
}
