// Package httpapi is the REST edge: it authenticates and validates requests,
// turns them into commands and queries, and answers as the contract says.
//
// # Purpose
//
// routes.go holds one table: every operation of api/openapi.yaml with its path,
// its right and its handler. A request passes, in this order: cross-origin rules,
// the route, the token, the ids in the path, membership of the tenant, the right,
// the handler. Handlers return a result or an error; respond.go and fault.go
// alone write answers.
//
// # Concurrency
//
// Handlers run in the goroutine of their request and keep nothing.
//
// # Dependencies
//
// The edge knows the engine, auth, history, provision and the ports; it knows
// neither an adapter nor another edge.
package httpapi
