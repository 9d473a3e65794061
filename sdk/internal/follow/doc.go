// Package follow follows one view of the stream for as long as it is told to, over whatever connections that takes.
//
// # Purpose
//
// It does what docs/protocol.md asks of a client: it says hello, answers beats, puts snapshots together, finds gaps, notices a
// dead connection and a floor that adds up to something else, and comes back from its cursor. What the rows and messages mean
// is its receiver's business; it reads of them only what a floor's sums are made of.
//
// # Concurrency
//
// One goroutine, that of [Follower.Run], connects, reads, answers and tells the receiver. [Follower.Refresh] and
// [Follower.Restart] may be called by any goroutine, also from within the receiver. Two functions run beside it for a moment:
// the goodbye of a socket that is left, which the connection waits for, and the timer of an event stream, which cuts it.
//
// # Lifecycle
//
// Each connection is made, read and taken down in one place. It has a context that ends when the connection is to be left, and
// the context's cause says why: Run's own end, Restart, a gap. A socket then says goodbye and is read until the server has
// answered, which it has half a second for, but nothing of that reaches the receiver. What ends by itself has an error instead.
//
// # Invariants
//
// The cursor moves only with what the receiver was told. After Run has returned, or Restart was called by the receiver, it is
// told nothing of the connection there was, but that it has ended.
//
// # Dependencies
//
// It knows the contract, and of the socket library only socket.go knows.
package follow
