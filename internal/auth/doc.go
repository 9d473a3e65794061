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
// inactive user, user without a password and wrong password have the same error,
// cost and slowing down; see TestLogins_TellRefusalsApartByNothing and
// TestLogins_EveryRefusalCostsTheCheckOfAPassword. (A hash that was made elsewhere
// costs what its own parameters say.) Nobody is ever locked out; see
// TestLogins_GuessesElsewhereDoNotKeepTheUserOut. A token is valid only with our
// signature and as the very text that we issued, before its expiry, while
// neither it nor its generation is revoked and its user is active; see
// FuzzTokens_Verify. All that is remembered is bounded; revoked tokens are
// forgotten when they would have expired.
//
// # Dependencies
//
// The ports of package store and what they know. Never a driver, never an edge:
// the edges give the errors of this package their status and code.
package auth
