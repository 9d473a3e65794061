// Package wire translates what the core says into what the contract says, for
// every edge alike: presence states, sessions, floor rows, work, and the error
// codes of refusals.
//
// It is pure: no input or output, no clock. It knows the core, the ports' types
// and package api, and nothing that answers a request.
package wire
