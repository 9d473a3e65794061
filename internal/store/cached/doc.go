// Package cached remembers what is read again and again.
//
// # Purpose
//
// [Log] stands before a store of agents and keeps the newest records for those
// who read the log on.
//
// [Directory] stands before another [store.Directory] and keeps tenants, users
// and members, which are immutable values, until a write through it changes
// them. It is right as long as every write to the store goes through it. What one
// change makes out of date for many is read again together, before the change is
// answered: whoever is connected or logged in is asked for after each.
//
// # Concurrency
//
// All methods may be called at once. A lookup of something remembered takes a
// read lock for the time of a map access.
//
// # Invariants
//
// A read that begins after a write was answered sees that write. A value whose
// loading began before a write is given to who asked for it, but not remembered.
// The number of remembered values is bounded.
//
// # Dependencies
//
// The port only.
package cached
