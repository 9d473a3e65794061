// Package memory is the model of the ports of package store: the plainest
// implementation that is correct.
//
// # Purpose
//
// It says what the ports mean; other adapters are compared with it. It serves
// tests and simulations. Nothing survives the process.
//
// # Concurrency
//
// Every type guards itself with one lock. A write takes effect as a whole or
// not at all.
//
// # Dependencies
//
// The ports and what they know; nothing else of Muster.
package memory
