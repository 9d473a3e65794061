package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/muster-presence/muster/internal/store/sqlite"
)

// database is a data folder that this process alone has open.
type database struct {
	*sqlite.DB
	lock *flock.Flock
}

// openDatabase opens the database in a folder and makes what is missing. Two
// processes on one database would each answer from a memory that the other
// changes behind its back, so the folder is locked.
func openDatabase(ctx context.Context, folder string, options sqlite.Options) (*database, error) {
	if err := makeFolder(folder); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(folder, "muster.lock"))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock the data folder %s: %w", folder, err)
	case !locked:
		return nil, fmt.Errorf("another muster is using the data folder %s: stop it, or if it is a server, talk to it with --server", folder)
	}
	db, err := openPrivate(ctx, databaseFile(folder), options)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return &database{DB: db, lock: lock}, nil
}

// openPrivate opens a database file. A new one can be read by its owner only,
// whatever folder it is in: it holds the key that signs tokens.
func openPrivate(ctx context.Context, path string, options sqlite.Options) (*sqlite.DB, error) {
	switch file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); {
	case err == nil:
		if err := file.Close(); err != nil {
			return nil, fmt.Errorf("make the database: %w", err)
		}
	case !errors.Is(err, os.ErrExist):
		return nil, fmt.Errorf("make the database: %w", err)
	}
	return sqlite.Open(ctx, path, options)
}

// Close closes the database and lets others open it.
func (d *database) Close() error { return errors.Join(d.DB.Close(), d.lock.Unlock()) }

// databaseFile is the database in a data folder.
func databaseFile(folder string) string { return filepath.Join(folder, "muster.db") }

// hasDatabase reports whether there is a database in a folder.
func hasDatabase(folder string) bool {
	_, err := os.Stat(databaseFile(folder))
	return !errors.Is(err, os.ErrNotExist)
}

// makeFolder makes a data folder if need be.
func makeFolder(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w; choose another with --data", err)
	}
	return nil
}
