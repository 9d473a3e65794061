// Package engine carries out commands: it loads the agent, lets the core decide,
// commits, and only then announces and answers.
//
// # Purpose
//
// The engine is the one way in which presence changes. Commands of one agent are
// handled one at a time in the order they came; many commands share one commit,
// which is how thousands of changes a second stay durable with a handful of
// syncs. The engine also hears agents: it keeps each session's lease in memory
// and lets silence decay in the steps that the tenant chose.
//
// # Concurrency
//
// A fixed number of workers own the tenants, by a hash of the tenant's id. A
// worker takes whatever is queued as one batch. Each decision of a batch sees
// the batch's own earlier events; when the commit fails, all commands of the
// batch fail and memory goes back to what was committed. Heartbeats of agents
// who are live do not pass the worker: they touch the lease under its own lock.
// Other signs of life count from their arrival too, though the command they have
// become waits its turn.
//
// # Lifecycle
//
// [New], then [Engine.Start] takes over the live sessions of the database, then
// [Engine.Run] works until its context ends. Commands given before Start wait in
// the queue; commands after the end are refused with [ErrStopped].
//
// # Invariants
//
// An answered change is durable. Nothing is announced that is not committed.
// A refused command leaves no trace. Queues are bounded: when one is full, the
// caller waits, at most until its context ends.
//
// # Dependencies
//
// The engine knows the core, the ports and the directory's types. It knows no
// driver, no edge, and none of stream, history and auth.
package engine
