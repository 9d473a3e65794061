package auth

import (
	"testing"
	"time"
)

// BenchmarkTokens_VerifyRemembered is what every request of a client costs but
// the first: no allocation, some 300 ns.
func BenchmarkTokens_VerifyRemembered(b *testing.B) {
	f := newFixture(b)
	f.tokens.now = time.Now
	token := f.issue(b, agentID, time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.tokens.Verify(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTokens_VerifyFirst is what the first request with a token costs.
func BenchmarkTokens_VerifyFirst(b *testing.B) {
	f := newFixture(b)
	token := f.issue(b, agentID, time.Hour)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.tokens.signer.read(token); err != nil {
			b.Fatal(err)
		}
	}
}
