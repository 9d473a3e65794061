package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/muster-presence/muster/internal/store/sqlite"
)

// TestOpen_RefusesTablesOfANewerVersion brings back the older binary after an
// upgrade: it must not write into tables whose meaning it does not know.
func TestOpen_RefusesTablesOfANewerVersion(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "muster.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	upgrade(t, path)
	db, err = sqlite.Open(t.Context(), path, sqlite.Options{})
	if err == nil {
		_ = db.Close()
		t.Fatal("the database was opened")
	}
	if !strings.Contains(err.Error(), "newer Muster (version 99") {
		t.Errorf("the error does not say why: %v", err)
	}
}

func upgrade(t *testing.T, path string) {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
}
