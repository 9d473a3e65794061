package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/muster-presence/muster/internal/store"
)

// translate turns a driver's error into the store's, by its code. Errors that
// are the store's already, and those of the context, stay as they are.
func translate(err error) error {
	var driver *sqlite.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return store.ErrNotFound
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return &store.Unavailable{Reason: "the database is closed", Hint: "start the server again", Cause: err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &driver):
		return translateCode(driver)
	case errors.Is(err, poolClosed()):
		return &store.Unavailable{Reason: "the database is closed", Hint: "start the server again", Cause: err}
	}
	return err
}

// poolClosed returns what database/sql answers after Close. It keeps that error
// to itself, so the way to it is to ask a pool that is closed.
func poolClosed() error {
	pool, err := sql.Open("sqlite", "")
	if err != nil {
		return err
	}
	_ = pool.Close() // it never had a connection
	return pool.Ping()
}

func translateCode(err *sqlite.Error) error {
	if err.Code() == sqlite3.SQLITE_IOERR_WRITE {
		return &store.Unavailable{Reason: "the disk does not take writes", Hint: "look whether the disk of the database has become read-only, and at the system's log", Cause: err}
	}
	const primaryCode = 0xff // the low byte; the rest is detail
	switch err.Code() & primaryCode {
	case sqlite3.SQLITE_CONSTRAINT:
		return fmt.Errorf("%w: %w", store.ErrConflict, err)
	case sqlite3.SQLITE_FULL:
		return &store.Unavailable{Reason: "the disk is full", Hint: "make room on the disk of the database; nothing else needs to be done", Cause: err}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return &store.Unavailable{Reason: "the database is read-only", Hint: "let the server write to the database file, its folder and its disk", Cause: err}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return &store.Unavailable{Reason: "the database is busy", Hint: "another program holds the database file; stop it", Cause: err}
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return &store.Unavailable{Reason: "the disk does not work", Hint: "check the disk of the database and the system's log", Cause: err}
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return &store.Unavailable{Reason: "the database file is damaged", Hint: "restore it from a backup", Cause: err}
	}
	return err
}
