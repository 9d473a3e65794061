// Package desk is an agent's desk in the terminal: `muster agent`.
//
// # Purpose
//
// Commands come and go, a session stays. So a process of its own, the holder, has the session with its beats and its stream, and
// commands talk to it over a socket in a folder that only its user can enter: [Start] and [Hold] on the one side, [Caller] on the other.
// The screen ([ShowAgent]) is a caller like the rest. Everything about agents comes from the SDK, none of it from the server's inside.
//
// # The socket
//
// A connection carries one request and its answer, each a line of JSON with the version of the protocol; the answer to "watch" is
// followed by a line for each event. Requests are at most 64 KiB, connections at most 32 at a time, and a watcher who does not take its
// events is cut off. The token and the password are in the holder's memory only and are never told to a caller.
//
// # Concurrency
//
// The holder runs one goroutine for the SDK's events, one that accepts connections, and one a connection. What they share is the board,
// behind its mutex. Callers run nothing of their own; the screen runs one goroutine for what the holder tells and one for each request.
//
// # Lifecycle
//
// A holder ends with its session, whoever ended it, and leaves a note of why, which `muster agent status` reads. Told to stop, it logs
// out first. A holder that was killed leaves a socket behind; the next one, which holds the lock, takes its place.
//
// # Invariants
//
// One holder a desk. Whoever is told that the session has ended finds the note already there.
//
// # Dependencies
//
// The SDK and the wire contract's types; a library for locks of files; internal/desk/terminal for screens.
package desk
