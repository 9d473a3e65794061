// Package presence is the core of Muster: what an agent's session is, which
// commands change it and what becomes visible of it.
//
// # Purpose
//
// The package is a pure state machine. [Decide] looks at an [Agent], a [Command]
// and the time and answers with the [Event]s that follow, or with a [Refusal].
// [Evolve] applies an event to an agent. [NextDeadline] says at which silence
// the next step of decay is due. Nothing here does input or output, reads a
// clock or draws a random number: time, ids and randomness come in as arguments.
//
// # Glossary
//
//   - agent: a user in one tenant; the same id is called user, resource or agent
//     on the wire.
//   - session: the time from log-in to log-out of one agent in one tenant. At
//     most one is live.
//   - intent: what the agent, or a supervisor in the agent's place, asked for
//     last.
//   - enforcement: what the system imposes over the intent while its cause
//     lasts. The visible state is a function of both.
//   - work: an interaction (call, chat) that the agent has.
//   - silence: for how long nothing has been heard from the agent's client.
//   - pending: a log-out that waits until open work has ended.
//   - offerable: whether new work may be offered to the agent now.
//
// # Invariants
//
// Property tests check them over random lives of agents: versions rise by one,
// an event never lies before its predecessor, Evolve accepts whatever Decide
// answers, at most one session lives (property_test.go); enforcement gives the
// intent back unchanged (enforcement_test.go); intervals tile each session
// (interval_test.go); RowVersion changes exactly with what others see
// (row_test.go); every pair of situation and command is decided, and the table
// says exactly what happens (table_test.go).
//
// # Dependencies
//
// The standard library only. The package knows neither the wire contract (api)
// nor any storage.
package presence
