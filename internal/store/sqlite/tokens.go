package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// SigningKey implements [store.Tokens].
func (db *DB) SigningKey(ctx context.Context, candidate store.SigningKey) (store.SigningKey, error) {
	key, err := readSigningKey(ctx, db.read)
	if !errors.Is(err, store.ErrNotFound) {
		return key, err
	}
	err = db.inTransaction(ctx, func(tx *sql.Tx) error {
		// Somebody else may have been faster since the look above; then theirs stays.
		if _, err := tx.ExecContext(ctx, `INSERT INTO signing_key (id, key) VALUES (1, ?) ON CONFLICT DO NOTHING`, candidate[:]); err != nil {
			return err
		}
		key, err = readSigningKey(ctx, tx)
		return err
	})
	if err != nil {
		return store.SigningKey{}, fmt.Errorf("keep the signing key: %w", err)
	}
	return key, nil
}

func readSigningKey(ctx context.Context, from interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (store.SigningKey, error) {
	var bytes []byte
	if err := from.QueryRowContext(ctx, `SELECT key FROM signing_key`).Scan(&bytes); err != nil {
		return store.SigningKey{}, fmt.Errorf("read the signing key: %w", translate(err))
	}
	return store.SigningKey(bytes), nil // 32 bytes: the table checks it
}

// RevokeToken implements [store.Tokens].
func (db *DB) RevokeToken(ctx context.Context, token store.RevokedToken, now presence.Instant) error {
	err := db.inTransaction(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO revoked_token (token_id, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING`,
			token.ID.UUID[:], int64(token.Expires)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM revoked_token WHERE expires_at <= ?`, int64(now))
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke token %s: %w", token.ID, err)
	}
	return nil
}

// RevokedTokens implements [store.Tokens].
func (db *DB) RevokedTokens(ctx context.Context, now presence.Instant) ([]store.RevokedToken, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT token_id, expires_at FROM revoked_token WHERE expires_at > ? ORDER BY token_id`, int64(now))
	if err != nil {
		return nil, fmt.Errorf("read the revoked tokens: %w", translate(err))
	}
	defer rows.Close()
	var tokens []store.RevokedToken
	for rows.Next() {
		var id []byte
		var expires int64
		if err := rows.Scan(&id, &expires); err != nil {
			return nil, fmt.Errorf("read the revoked tokens: %w", translate(err))
		}
		tokens = append(tokens, store.RevokedToken{
			ID:      store.TokenID{UUID: presence.UUID(id)}, // 16 bytes: the table checks it
			Expires: presence.Instant(expires),
		})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the revoked tokens: %w", translate(err))
	}
	return tokens, nil
}
