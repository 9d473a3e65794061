package sqlite

import (
	"context"
	"log/slog"
	"time"
)

const (
	// checkpointEvery is how often the length of the write-ahead log is looked at.
	checkpointEvery = 250 * time.Millisecond
	// longLog is how many pages wait in the write-ahead log before they are worth
	// a checkpoint: pages that changed often meanwhile are copied once.
	longLog = 2000
	// longestLog is how many pages wait before the commit that finds them copies
	// them itself, as in a program that does not run checkpoints: 64 MiB.
	longestLog = 16384
)

// RunCheckpoints copies what was committed from the write-ahead log into the
// database file, beside the commits instead of in one of them, which would keep
// all who wait for it waiting for a whole file's sync. It returns nil when ctx
// ends. A failure is logged and tried again: nothing is lost, the log only grows.
func (db *DB) RunCheckpoints(ctx context.Context, log *slog.Logger) error {
	ticker := time.NewTicker(checkpointEvery)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
		err := db.shortenLog(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			log.Warn("could not copy commits into the database file; they stay in its write-ahead log, which grows", "error", err)
		}
		failing = err != nil
	}
}

func (db *DB) shortenLog(ctx context.Context) error {
	waiting, err := db.waitingPages(ctx)
	if err != nil || waiting < longLog {
		return err
	}
	return db.checkpoint(ctx)
}

// waitingPages is how many pages of the write-ahead log are not yet in the
// database file.
func (db *DB) waitingPages(ctx context.Context) (int, error) {
	var busy, logged, copied int
	err := db.copier.QueryRowContext(ctx, `PRAGMA wal_checkpoint(NOOP)`).Scan(&busy, &logged, &copied)
	return logged - copied, translate(err)
}

// checkpoint copies nearly everything while commits go on, then the few pages
// that came meanwhile while they wait: the log can begin anew only when nothing
// in it is left to copy.
func (db *DB) checkpoint(ctx context.Context) error {
	if _, err := db.copier.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`); err != nil {
		return translate(err)
	}
	_, err := db.write.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
	return translate(err)
}
