package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// inUnsyncedTransaction is inTransaction for what can be made again from what is already on the disk: its commit does not wait
// for the disk, so that those who must wait for it are not kept waiting by this. A power cut may take it back, whole and in order with
// what else was committed; a crash of the process alone does not. Whatever is committed after it the ordinary way puts it on the disk too.
//
// How a commit syncs is a setting of the connection, and it can be changed between transactions only.
func (db *DB) inUnsyncedTransaction(ctx context.Context, do func(tx *sql.Tx) error) error {
	conn, err := db.write.Conn(ctx) // the only one: nobody commits meanwhile
	if err != nil {
		return translate(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `PRAGMA synchronous = normal`); err != nil {
		return translate(err)
	}
	defer syncAgain(ctx, conn)
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	return finish(tx, do)
}

// syncAgain makes commits wait for the disk again. A connection that will not is given up; the next one has the setting from the
// start.
func syncAgain(ctx context.Context, conn *sql.Conn) {
	if _, err := conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA synchronous = full`); err != nil {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
}
