// Package simtest plays whole days on whole nodes under a virtual clock: virtual
// agents who work, forget and lose their browsers, and faults.
//
// # Purpose
//
// Its tests hold the promises that no single package can keep alone: that days
// later the log is whole, the intervals tile, and nobody was offered work whom
// nobody had heard. It holds no code for production.
//
// # Dependencies
//
// It may know everything, since it builds whole nodes. Nothing knows it.
package simtest
