package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/muster-presence/muster/internal/store/sqlite"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestAgents(t *testing.T) {
	t.Parallel()
	storetest.Agents(t, open)
}

func TestLog(t *testing.T) {
	t.Parallel()
	storetest.Log(t, open)
}

func TestFloor(t *testing.T) {
	t.Parallel()
	storetest.Floor(t, open)
}

func TestIntervals(t *testing.T) {
	t.Parallel()
	storetest.Intervals(t, open)
}

func TestDurable(t *testing.T) {
	t.Parallel()
	storetest.Durable(t, openIn)
}

func BenchmarkCommit(b *testing.B) { storetest.BenchmarkCommit(b, open) }

func open(t testing.TB) storetest.Store { return openIn(t, t.TempDir()) }

// openIn opens the database in a folder, and makes it if there is none.
func openIn(t testing.TB, folder string) storetest.Closable {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(folder, "muster.db"), sqlite.Options{})
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
