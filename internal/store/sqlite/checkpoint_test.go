package sqlite_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/sqlite"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestCheckpoints_LetTheWriteAheadLogBeginAnew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "muster.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- db.RunCheckpoints(ctx, slog.New(slog.DiscardHandler)) }()

	written := 0 // pages, as far as can be seen from outside
	waiting := 0
	recorder := storetest.NewRecorder()
	for round, shortened := 1, 0; shortened < 4; round++ {
		if err := db.Commit(t.Context(), sessions(t, recorder, round)); err != nil {
			t.Fatal(err)
		}
		now, err := db.WaitingPages(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if now < waiting {
			shortened++
		} else {
			written += now - waiting
		}
		waiting = now
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
	const frame = 24 + 4096 // a page in the log
	if pages := fileSize(t, path+"-wal") / frame; pages > int64(written)*2/3 {
		t.Errorf("the file of the log has %d pages after %d were written: it never began anew", pages, written)
	}
}

// sessions begins a session anew for each of a hundred agents.
func sessions(t *testing.T, recorder *storetest.Recorder, round int) []store.Change {
	t.Helper()
	var changes []store.Change
	for n := range 100 {
		key := presence.Key{Tenant: presence.TenantID{UUID: presence.UUID{1}}, Agent: presence.AgentID{UUID: presence.UUID{15: byte(n)}}}
		command := presence.StartSession{By: presence.Actor{Cause: presence.ByAgent, ID: key.Agent}, WorkLimit: 1}
		change, ok := recorder.Record(key, command, presence.Instant(round*1000))
		if !ok {
			t.Fatal("a session was not begun")
		}
		changes = append(changes, change)
	}
	return changes
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
