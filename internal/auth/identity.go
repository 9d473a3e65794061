package auth

import (
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Identity is what a verified token says: who is calling, and by which token.
type Identity struct {
	User    presence.AgentID
	TokenID store.TokenID
	// Generation is the user's generation of tokens that this one belongs to.
	Generation int64
	// Parent is the token that this one was derived from and ends with; zero for
	// one that stands by itself.
	Parent store.TokenID
	// IssuedAt and ExpiresAt are whole seconds. The token is valid before
	// ExpiresAt, not at it.
	IssuedAt  presence.Instant
	ExpiresAt presence.Instant
}
