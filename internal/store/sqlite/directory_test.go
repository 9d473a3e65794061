package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/sqlite"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestDirectory(t *testing.T) {
	t.Parallel()
	storetest.Directory(t, func(t *testing.T) store.Directory { return openDirectory(t) })
}

func TestAudit(t *testing.T) {
	t.Parallel()
	storetest.Audit(t, func(t *testing.T) (store.Directory, store.Audit) {
		db := openDirectory(t)
		return db, db
	})
}

func openDirectory(t *testing.T) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "muster.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
