package sqlite

import "context"

// WaitingPages is how many pages of the write-ahead log are not yet in the file.
func (db *DB) WaitingPages(ctx context.Context) (int, error) { return db.waitingPages(ctx) }
