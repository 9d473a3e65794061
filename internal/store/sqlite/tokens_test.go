package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/sqlite"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	storetest.Tokens(t, func(t *testing.T) store.Tokens { return openTokens(t, databasePath(t)) })
}

func TestTokens_AreThereWhenTheFileIsOpenedAgain(t *testing.T) {
	t.Parallel()
	path := databasePath(t)
	key, revoked := store.SigningKey{1, 2, 3}, store.RevokedToken{ID: store.TokenID{UUID: presence.UUID{1}}, Expires: 50}

	db := openTokens(t, path)
	if _, err := db.SigningKey(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if err := db.RevokeToken(t.Context(), revoked, 10); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	db = openTokens(t, path)
	if got, err := db.SigningKey(t.Context(), store.SigningKey{9}); err != nil || got != key {
		t.Errorf("signing key %x and error %v, want %x", [32]byte(got), err, [32]byte(key))
	}
	got, err := db.RevokedTokens(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]store.RevokedToken{revoked}, got); diff != "" {
		t.Errorf("revoked tokens (-want +got):\n%s", diff)
	}
}

func databasePath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "muster.db")
}

func openTokens(t *testing.T, path string) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // closing twice does no harm
	return db
}
