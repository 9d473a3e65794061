// Package stream shows the committed log to those who watch it: agents see
// what concerns themselves, supervisors and routers see the floor.
//
// # Purpose
//
// A view is a filtered part of a tenant's log: one agent's own events (self), or
// every agent's row (floor), perhaps of one group. A [Subscription] follows a view
// from a [Cursor] or from a snapshot, and hands out frames that are ready to be
// sent, whatever carries them.
//
// # Guarantees
//
// Ordered, unique, gap-free, atomic, resumable, bookmarkable: package streamtest
// states each as a function over what a client saw, and guarantees_test.go runs
// them over clients that come and go while a tenant lives.
//
// # Concurrency
//
// A tenant with subscriptions has a feed, which remembers up to which record its
// views have been told. A fixed number of readers, woken by the bus, read the log
// on from there; a wake-up that is lost costs at most the time until they look by
// themselves. What is new goes into the bounded queue of each subscription, and
// [Subscription.Next] takes it from there in its caller's goroutine. Locks are
// taken in the order feed.advancing, feed.mu, Subscription.mu; none is held while
// a store is read, but feed.advancing.
//
// # Invariants
//
// A subscription whose queue overflows ends with [ErrSlow]: nothing is ever left
// out. Floor changes are encoded once for all who see them. An event of a change
// is never sent without the others.
//
// # Dependencies
//
// The ports, and package wire for the contract's words. It knows no engine, no
// edge and no network.
package stream
