// Package console serves the console: the agent's desk at / and the supervisor's
// floor at /floor, with their scripts and styles, and keeps who is signed in at
// them over a reload.
//
// # Purpose
//
// The pages are clients like any other: they use the browser SDK and the REST API
// with a token. What is here gives them that token. Whoever signs in gets one in a
// cookie that no script can read, and that only this package reads; the page gets
// short ones that are derived from it and end with it, and keeps them in memory.
// Why so stands in docs/adr/0023-console-sign-in.md.
//
// # Concurrency
//
// A [Server] answers any number of requests at once. There are no goroutines.
//
// # Invariants
//
// Pages run no script and no style but what is served here, ask no other host, and
// stand in frames of the allowed origins only. A password is checked where the API
// checks it and slowed with it. What reads or writes a cookie is asked by this
// server's own pages only. A page's token lives no longer than the cookie's.
//
// # Dependencies
//
// The tokens and log-ins of package auth. It knows nothing of what presence is, of
// the engine or of the directory, and no other edge.
package console
