package httpapi

import (
	"crypto/sha256"

	"github.com/muster-presence/muster/internal/engine"
)

// longestKey is the longest idempotency key in bytes.
const longestKey = 255

// idempotency digests the request's Idempotency-Key together with who asks for
// what; the zero value if there is none.
func (c *call) idempotency(body []byte) (engine.Idempotency, error) {
	key := c.r.Header.Get("Idempotency-Key")
	if key == "" {
		return engine.Idempotency{}, nil
	}
	if len(key) > longestKey {
		return engine.Idempotency{}, badRequest("Idempotency-Key", "The header Idempotency-Key has at most %d bytes.", longestKey)
	}
	scope := sha256.New()
	scope.Write(c.user.ID.UUID[:])
	// The length of each part cannot be confused with its content: the ids and
	// the operation have no zero byte, and the key comes last.
	for _, part := range []string{c.operation(), c.tenant.ID.String(), c.targetID.String(), key} {
		scope.Write([]byte(part))
		scope.Write([]byte{0})
	}
	if isNothing(body) {
		body = nil
	}
	content := sha256.Sum256(body)
	return engine.Idempotency{Key: [16]byte(scope.Sum(nil)[:16]), Body: [16]byte(content[:16])}, nil
}
