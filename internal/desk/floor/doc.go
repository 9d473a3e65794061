// Package floor is a supervisor's floor in the terminal: `muster floor`.
//
// # Purpose
//
// [Show] is a table of everybody as they are now, with keys to change a state or a direction and to end a session. [PrintOnce] and
// [PrintUpdates] are the same for scripts. All of it comes from the SDK, but for the reason lists of other agents, which it has no
// function for: those are read by the documented request.
//
// # Concurrency
//
// [Show] runs one goroutine for what the floor tells and one for each thing that is asked for. The model belongs to the one that draws.
//
// # Lifecycle
//
// The goroutines of [Show] end when it returns.
//
// # Invariants
//
// What is drawn is a pure function of the model and the time. A change is asked for the session that was looked at: somebody who has
// logged in anew meanwhile keeps what they have.
//
// # Dependencies
//
// The SDK and the wire contract's types, internal/desk for words, internal/desk/terminal for screens.
package floor
