package auth

import (
	"testing"
	"time"
)

// BenchmarkTokens_VerifyRemembered is what every request of a client costs but
// the first: no allocation, some 300 ns.
func BenchmarkTokens_VerifyRemembered(b *testing.B) {
	h := newHouse(b)
	h.tokens.now = time.Now
	token := h.issue(b, agentID, time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.tokens.Verify(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTokens_VerifyFirst is what the first request with a token costs.
func BenchmarkTokens_VerifyFirst(b *testing.B) {
	h := newHouse(b)
	token := h.issue(b, agentID, time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.tokens.signer.read(token); err != nil {
			b.Fatal(err)
		}
	}
}
