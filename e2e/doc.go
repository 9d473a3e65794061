// Package e2e tests the real binary from outside: it builds cmd/muster, starts
// it on loopback addresses, talks to it over HTTP, kills it and fills its disk.
//
// It knows the wire contract in package api and nothing of the server's inside.
package e2e
