// Package rest sends requests to Muster and reads the answers.
//
// # Purpose
//
// One call of [Client.Do] is one request to its caller, whatever it takes: it is sent again through failures that may pass, waits
// for a fresh token where the present one is refused, and brings home the server's clock. However it fails, it returns a [Failure],
// from which the contract's data.apiResponse is made.
//
// # Concurrency
//
// A [Client] may be used by many goroutines at once and starts none. The clock is told, and the tokens are asked, by the goroutine
// that called [Client.Do].
//
// # Lifecycle
//
// Nothing runs between calls. Connections belong to the [http.Client] that was given.
//
// # Invariants
//
//   - Every attempt of a request is the same to the byte, but for its token. So a server that knows the idempotency key answers the
//     second as it did the first.
//   - Redirects are not followed: they would carry the token, and a change, to somebody else.
//   - A success was read whole and understood. What merely says 200, such as the page of a captive portal, is a failure.
//   - No failure's text holds an address, a token or a body that was sent.
//
// # Dependencies
//
// The contract in package api, and the standard library. It does not know what requests are about, nor where tokens come from.
package rest
