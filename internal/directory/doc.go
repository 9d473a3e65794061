// Package directory knows who there is: regions, tenants with their roles,
// groups and reason lists, users, and users as members of tenants.
//
// # Purpose
//
// It holds types and rules and does no input or output, but that the rules of time
// zones are those of the machine. The documents
// ([Region], [Tenant], [Role], [Group], [ReasonList], [User], [Membership]) are
// what is stored, each by itself. A [Member] is what the rest of Muster asks
// for: a user in a tenant with everything resolved that their roles, groups and
// lists say. [Contents] is all of it at once, and [Diff] says by which [Changes]
// one becomes the other.
//
// # Concurrency
//
// Values that came out of a store are shared and never change. Whoever wants
// another one makes a copy.
//
// # Invariants
//
// [SystemList] is the first reason list of every tenant, is stored nowhere and
// can be neither assigned nor changed. Lists, roles, groups and references are
// kept in one order (see the Arrange methods), so that equal directories are
// equal values.
//
// # Dependencies
//
// The presence core, and of the wire contract the permissions' names only.
package directory
