// Package auth tells who is calling: it checks passwords, and issues, verifies
// and revokes tokens.
//
// # Purpose
//
// [Logins] exchanges a username and password for a token and slows down whoever
// guesses. [Tokens] issues tokens, verifies them at every request and takes them
// back. [Passwords] makes and checks password hashes. What a caller may do is not
// decided here.
//
// # Concurrency
//
// Everything may be used by any number of callers at once. A process has one
// [Passwords], one [Tokens] and one [Logins], since they hold the process's
// limits and memory. There are no goroutines.
//
// # Invariants
//
// A caller who fails learns nothing about which accounts exist: unknown user,
// inactive user, user without password and wrong password have the same error,
// cost and slowing down. Nobody is ever locked out. A token is valid only
// with our signature, before its expiry, while neither it nor its user's
// generation of tokens is revoked and the user is active. All that is remembered
// is bounded.
//
// # Dependencies
//
// The ports of package store and what they know. Never a driver, never an edge:
// the edges give the errors of this package their status and code.
package auth
