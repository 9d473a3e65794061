package auth

import (
	"crypto/sha256"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
)

// rememberedTokens is how many tokens are remembered at most, in about 30 MiB.
// One that was pushed out costs its next use the full verification, 10 µs.
const rememberedTokens = 1 << 16

// signatureLength is the length of a token's signature as text.
const signatureLength = 43

// remembered holds tokens whose signature was found good. Each is known by the
// SHA-256 of its signature; the part that was signed is compared as a whole.
// So only the very text that was verified is found, while what is held cannot be
// used as a token: the signature is not there. (Hashing all of the text would
// do the same at three times the cost.)
type remembered struct {
	expiring[[sha256.Size]byte, rememberedToken]
}

type rememberedToken struct {
	signed   string
	identity Identity
}

// find answers what a remembered token says. It does not allocate.
func (r *remembered) find(token string) (Identity, bool) {
	signed, key, ok := splitToken(token)
	if !ok {
		return Identity{}, false
	}
	found, ok := r.get(key)
	if !ok || found.signed != signed {
		return Identity{}, false
	}
	return found.identity, true
}

// add remembers a token until it expires.
func (r *remembered) add(token string, identity Identity, now presence.Instant) {
	signed, key, ok := splitToken(token)
	if !ok {
		return
	}
	// Without the copy, the whole token would stay in memory with its part.
	r.put(key, rememberedToken{signed: strings.Clone(signed), identity: identity}, identity.ExpiresAt, now)
}

// splitToken cuts a token into the part that is signed and the hash of the
// signature.
func splitToken(token string) (signed string, key [sha256.Size]byte, ok bool) {
	dot := len(token) - signatureLength - 1
	if dot < 0 || token[dot] != '.' {
		return "", key, false
	}
	var signature [signatureLength]byte
	copy(signature[:], token[dot+1:])
	return token[:dot], sha256.Sum256(signature[:]), true
}
