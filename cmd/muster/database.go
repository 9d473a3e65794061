package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"

	"github.com/muster-presence/muster/internal/store/sqlite"
)

// database is a data folder that this process alone has open.
type database struct {
	*sqlite.DB
	lock *flock.Flock
}

// openDatabase opens the database in a folder. Two processes on one database
// would each answer from a memory that the other changes behind its back, so
// the folder is locked.
func openDatabase(ctx context.Context, folder string, options sqlite.Options) (*database, error) {
	file, err := databaseFile(folder)
	if err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(folder, "muster.lock"))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock the data folder %s: %w", folder, err)
	case !locked:
		return nil, fmt.Errorf("a server is running on the data folder %s; stop it, or talk to it with --server", folder)
	}
	db, err := sqlite.Open(ctx, file, options)
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return &database{DB: db, lock: lock}, nil
}

// Close closes the database and lets others open it.
func (d *database) Close() error { return errors.Join(d.DB.Close(), d.lock.Unlock()) }
