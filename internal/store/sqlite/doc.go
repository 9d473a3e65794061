// Package sqlite keeps Muster's data in one SQLite file: one writer, many
// readers, write-ahead log, every commit synced to the disk before it counts.
//
// # Purpose
//
// It implements the ports of package store and knows nothing else of Muster.
// The SQL of each port stands in the file of the port's name.
//
// # Concurrency
//
// Writes go through one connection, one transaction at a time; a second writer
// waits. Reads use a pool of their own and see the last commit.
//
// # Invariants
//
// Tables are STRICT, times are integer milliseconds UTC, ids are 16-byte blobs
// beside small integer keys that never leave this package. Migrations go
// forward only. A transaction that fails leaves no trace.
package sqlite
