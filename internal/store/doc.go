// Package store holds the ports to whatever keeps Muster's data, stated in
// terms of use cases, one small interface a file.
//
// # Adapters
//
// Package memory is the model: the plainest correct implementation. Package
// sqlite is one file on one machine. Package storetest is the suite that every
// adapter must pass; it compares each with the model.
//
// # Errors
//
// Adapters translate their driver's errors by code into the sentinels of this
// package and never let a driver's error type out. Callers branch on the
// sentinels with [errors.Is] only.
//
// # Dependencies
//
// Ports know the presence core and the directory's types; never a driver, never
// an edge.
package store
