package auth

import (
	"fmt"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// maxTokenLength is far above the 420 characters of our longest tokens.
const maxTokenLength = 1024

// signer writes identities as signed tokens and reads them back. The algorithm
// is HS256: whatever else a token's header names is refused.
type signer struct {
	key    store.SigningKey
	parser *jwt.Parser
}

// claims are the payload of a token. All are digits, lower-case hexadecimal and
// dashes, so that the base64url text of the payload has neither '-' nor '_':
// existing desktops read it with a decoder that knows only plain base64.
type claims struct {
	jwt.RegisteredClaims
	UserID     presence.AgentID `json:"user-id"`
	Generation int64            `json:"gen"`
	Parent     store.TokenID    `json:"parent,omitzero"`
}

func newSigner(key store.SigningKey) signer {
	return signer{key: key, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithStrictDecoding(), // one token has one spelling
		// Times are checked where remembered tokens are checked too: Tokens.check.
		jwt.WithoutClaimsValidation(),
	)}
}

func (s signer) sign(identity Identity) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			ID:        identity.TokenID.String(),
			Subject:   identity.User.String(),
			IssuedAt:  jwt.NewNumericDate(identity.IssuedAt.Time()),
			ExpiresAt: jwt.NewNumericDate(identity.ExpiresAt.Time()),
		},
		UserID:     identity.User,
		Generation: identity.Generation,
		Parent:     identity.Parent,
	})
	text, err := token.SignedString(s.key[:])
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return text, nil
}

// read answers what a token of ours says, be it expired or not. Every error is
// [ErrTokenInvalid].
func (s signer) read(text string) (Identity, error) {
	// The decoder of the signature skips line breaks; a token has none.
	if len(text) > maxTokenLength || strings.ContainsAny(text, "\r\n") {
		return Identity{}, ErrTokenInvalid
	}
	var c claims
	if _, err := s.parser.ParseWithClaims(text, &c, s.keyFor); err != nil {
		return Identity{}, ErrTokenInvalid
	}
	id, err := presence.ParseUUID(c.ID)
	if err != nil || c.IssuedAt == nil || c.ExpiresAt == nil || c.Subject != c.UserID.String() {
		return Identity{}, ErrTokenInvalid
	}
	return Identity{
		User:       c.UserID,
		TokenID:    store.TokenID{UUID: id},
		Generation: c.Generation,
		Parent:     c.Parent,
		IssuedAt:   presence.InstantOf(c.IssuedAt.Time),
		ExpiresAt:  presence.InstantOf(c.ExpiresAt.Time),
	}, nil
}

func (s signer) keyFor(*jwt.Token) (any, error) { return s.key[:], nil }
