package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"runtime"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/muster-presence/muster/internal/store"
)

//go:embed migrations/*.sql
var migrations embed.FS

// DB is an open database file. It implements the ports of package store.
type DB struct {
	path  string
	write *sql.DB // exactly one connection: SQLite has one writer anyway, and waiting in Go is fair
	read  *sql.DB
	stmts presenceStatements
	keys  keys

	tenants sharedTenants
}

// Options are what can be said about a database beside its path.
type Options struct {
	// MaxPages limits the file's size in pages of 4 KiB; 0 means no limit.
	// Writing beyond it fails as a full disk does.
	MaxPages int
}

// Open opens the database file at path, creates it if there is none, and brings
// its tables up to date. The caller sees to it that only one process has it open
// for writing.
func Open(ctx context.Context, path string, options Options) (*DB, error) {
	write, err := sql.Open("sqlite", dataSource(path, options, "rwc"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	write.SetMaxOpenConns(1)
	if err := migrate(ctx, write); err != nil {
		return nil, fmt.Errorf("prepare the database %s: %w", path, closing(translate(err), write))
	}
	read, err := sql.Open("sqlite", dataSource(path, options, "ro"))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, closing(err, write))
	}
	// More readers than processors only adds memory: a read never waits for I/O
	// once the system has the pages. Each reader has a cache of its own, so these
	// are small.
	read.SetMaxOpenConns(2 * runtime.GOMAXPROCS(0))
	read.SetMaxIdleConns(2 * runtime.GOMAXPROCS(0))
	db := &DB{path: path, write: write, read: read}
	if err := db.stmts.prepare(ctx, write); err != nil {
		return nil, fmt.Errorf("prepare statements: %w", closing(translate(err), write, read))
	}
	return db, nil
}

// Close ends all connections. A transaction under way is finished first.
func (db *DB) Close() error {
	return closing(nil, db.read, db.write)
}

// dataSource names the file with the settings that every connection needs, since
// a pragma holds for the connection that ran it only.
func dataSource(path string, options Options, mode string) string {
	query := url.Values{
		"mode":    {mode},
		"_txlock": {"immediate"}, // a transaction that will write must not find out halfway that it cannot
		"_pragma": {
			"busy_timeout(5000)",
			"journal_mode(wal)", // readers never wait for the writer
			"synchronous(full)", // an answered change survives a power cut
			"foreign_keys(on)",
			"temp_store(memory)",
			"cache_size(-16384)", // in KiB
		},
	}
	if mode == "ro" {
		query["_pragma"] = []string{"busy_timeout(5000)", "query_only(on)", "temp_store(memory)", "cache_size(-2048)"}
	}
	if options.MaxPages > 0 {
		query.Add("_pragma", fmt.Sprintf("max_page_count(%d)", options.MaxPages))
	}
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: query.Encode()}).String()
}

func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	has, known, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > known {
		return fmt.Errorf("its tables are of a newer Muster (version %d, this one knows %d): run that Muster, or restore the backup from before the upgrade", has, known)
	}
	_, err = provider.Up(ctx)
	return err
}

// inTransaction runs do in one write transaction: all of it or nothing. Errors
// come translated.
func (db *DB) inTransaction(ctx context.Context, do func(tx *sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	return finish(tx, do)
}

// finish does something in a transaction and ends it. Errors come translated.
func finish(tx *sql.Tx, do func(tx *sql.Tx) error) error {
	if err := do(tx); err != nil {
		_ = tx.Rollback() // the first error is the one to report
		return translate(err)
	}
	return translate(tx.Commit())
}

func closing(err error, dbs ...*sql.DB) error {
	for _, db := range dbs {
		if closeErr := db.Close(); err == nil {
			err = closeErr
		}
	}
	return err
}

var _ interface {
	store.Directory
	store.Tokens
	store.Agents
	store.Log
	store.Floor
	store.Intervals
} = (*DB)(nil)
