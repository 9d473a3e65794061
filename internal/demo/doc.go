// Package demo is the show of `muster demo`: simulated agents who behave like
// people, and a router that offers them calls.
//
// # Purpose
//
// It brings a floor to life over the real HTTP API, so that whoever tries Muster
// has somebody to look at, and so that a server can be watched under a load that
// looks like work: log-ins, calls with wrap-up, lunch, training, ends of shifts,
// and browsers that die now and then. [StaffFile] writes who works there as a
// provisioning file; [Show] makes them work.
//
// What people do is decided without looking at a clock or the network (person,
// script), how a day goes by comes from a seed, and the same seed decides the
// same. Only what the server answers, and when, is not in the seed.
//
// # Floor time
//
// People's habits are written down in the time of a real floor: a call of four
// minutes, a lunch of forty. All of it is divided by one number, the pace, which
// is chosen so that the floor as a whole makes as many changes a second as was
// asked for. Browsers are no people: heartbeats, and how long a dead browser
// stays away, are in the time of the clock, because the server's patience is.
//
// # Concurrency
//
// One goroutine, the one in [Show.Run], owns all people and calls and decides
// when whose turn is. It hands requests to a fixed number of workers and learns
// the outcomes from them. There is no goroutine an agent, and nobody has two
// requests under way at once. [Show.Stats] may be called from anywhere.
//
// # Lifecycle
//
// [Show.Run] returns when its context ends, after its workers have. It does not
// log anybody out: to the server its end is a power cut.
//
// # Invariants
//
// At most one request of an agent is under way. Every call that was begun is
// ended or found gone. Whatever the server answers, nobody asks again at once:
// refusals, overload and outages are answered by waiting, longer each time.
//
// # Dependencies
//
// The wire contract in package api and the standard library. It knows nothing of
// the server's inside: it could run against a server on another machine.
package demo
