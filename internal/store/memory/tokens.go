package memory

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Tokens is the model of [store.Tokens].
type Tokens struct {
	mu      sync.Mutex // guards the fields below
	key     *store.SigningKey
	revoked map[store.TokenID]presence.Instant // when each would have expired
}

var _ store.Tokens = (*Tokens)(nil)

// NewTokens returns a store without a key and without revoked tokens.
func NewTokens() *Tokens {
	return &Tokens{revoked: make(map[store.TokenID]presence.Instant)}
}

// SigningKey implements [store.Tokens].
func (t *Tokens) SigningKey(_ context.Context, candidate store.SigningKey) (store.SigningKey, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.key == nil {
		t.key = &candidate
	}
	return *t.key, nil
}

// RevokeToken implements [store.Tokens].
func (t *Tokens) RevokeToken(_ context.Context, token store.RevokedToken, now presence.Instant) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, known := t.revoked[token.ID]; !known {
		t.revoked[token.ID] = token.Expires
	}
	maps.DeleteFunc(t.revoked, func(_ store.TokenID, expires presence.Instant) bool { return expires <= now })
	return nil
}

// RevokedTokens implements [store.Tokens].
func (t *Tokens) RevokedTokens(_ context.Context, now presence.Instant) ([]store.RevokedToken, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var tokens []store.RevokedToken
	for id, expires := range t.revoked {
		if expires > now {
			tokens = append(tokens, store.RevokedToken{ID: id, Expires: expires})
		}
	}
	slices.SortFunc(tokens, func(a, b store.RevokedToken) int { return bytes.Compare(a.ID.UUID[:], b.ID.UUID[:]) })
	return tokens, nil
}
