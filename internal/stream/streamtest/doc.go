// Package streamtest says what the stream promises, as functions that any test
// can run over what a client saw.
//
// # Purpose
//
// A [Client] is the half of an SDK that follows a view: it is given the server's
// frames, does with them what docs/protocol.md says, and keeps a record of them,
// [Seen]. [Check] holds the record against the [Truth], the tenant's log as it was
// committed. Typical use:
//
//	client := streamtest.NewClient(streamtest.View{Floor: true})
//	cursor := client.Connect() // goes into the hello
//	verdict, err := client.Receive(frame)
//	…
//	err = streamtest.Check(truth, client.Seen())
//	err = streamtest.Converged(truth, client)
//	err = streamtest.CaughtUp(truth, client)
//
// # Guarantees
//
// [Ordered], [Unique], [GapFree], [Atomic], [Resumable] and [Bookmarkable]. Each
// is judged by itself: a record that breaks one of them may keep the others. At the
// end of a test, [Converged] holds that the client shows what is so, and [CaughtUp]
// that it has all of it.
//
// # Dependencies
//
// The log's types and package wire for the contract's words. It may not know
// package stream: what an event of a view is, it works out from the log by the
// rules of package presence. It does no input or output and reads no clock.
package streamtest
