// Package history knows what each agent was from when to when.
//
// # Purpose
//
// [Fold] makes intervals of an agent's records; it is pure. [Projector] does so
// for whole logs, after the commit, and stores the intervals together with the
// place up to which they were made. [Queries] answers from them.
//
// # Concurrency
//
// A projector works on one batch of a tenant at a time, whoever asks for it.
// Several projectors, on several nodes, may work on the same tenant: the store
// takes a batch only from the one that knows the newest place.
//
// # Lifecycle
//
// [Projector.Run] runs until its context ends. The queries need no Run: they
// catch up by themselves.
//
// # Invariants
//
// The intervals of a session tile it: none overlap, no gap is left, and their
// lengths add up to the session's to the millisecond, whatever the clock did.
// Intervals without length are not kept. Sessions for silent monitoring are in
// none. Time that nobody can vouch for is [store.IntervalUnknown]. How the
// records were cut into batches leaves no trace. See property_test.go.
//
// # Dependencies
//
// The ports in package store and the presence core; never an adapter, an edge or
// the engine.
package history
