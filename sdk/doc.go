// Package sdk is Muster's Go SDK: an agent's session, a supervisor's floor, a router's eyes.
//
// # Purpose
//
// A [Client] does what the browser SDK does in a page, function for function, topic for topic and code for code: it logs in, enters
// a tenant, holds a session with heartbeats and a stream that resumes, changes state and direction, and tells what others change.
// Both are held to the same scripts, in api/scenarios. docs/sdk-go.md is the way in.
//
//	client, err := sdk.New(sdk.Options{BaseURL: "http://127.0.0.1:8080/v1/"})
//
// Every function takes a context, returns the response that its topic publishes, and fails with an [*Error] whose [Code] is a target of
// errors.Is. Whatever happens without a call arrives at [Client.Subscribe] and [Client.Events].
//
// # Concurrency
//
// All functions may be called by many goroutines at once. A client runs two goroutines while it has a session, one for the stream and
// one for heartbeats, one for each floor that is watched, one for each subscription with events that wait, and one for each callback of the
// options that runs. Subscribers and callbacks are called from those: one that blocks or panics harms only itself.
//
// # Lifecycle
//
// [New] starts nothing. A session's goroutines begin when it starts and end with it; [Client.Close] ends whatever is left and returns when
// it is gone.
//
// # Invariants
//
// Events of a subscription come in the order in which they happened, each once, over reconnects too; nothing of the stream is published
// before [TopicStarted]. After a snapshot the present state is published, not the steps to it. A session ends with exactly one [TopicEnded],
// or, where nobody ended it, with exactly one [CodeSessionGone]. Queues are bounded, and who is too slow is cut off rather than shown a part.
// No token stands in an address, an event or a log line.
//
// # Dependencies
//
// The wire contract in package api, a socket library, and the standard library. It knows nothing of the server's inside.
package sdk
