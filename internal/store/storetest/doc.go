// Package storetest holds the suites that every adapter of package store must
// pass, and decorators too.
//
// # Purpose
//
// One function a port, named like it, takes a function that opens an empty
// store, and says in sentences what the port promises. Typical use:
//
//	func TestDirectory(t *testing.T) {
//		t.Parallel()
//		storetest.Directory(t, func(t *testing.T) store.Directory { return open(t) })
//	}
//
// # Dependencies
//
// The ports and the model in package memory, with which adapters are compared;
// no other adapter.
package storetest
