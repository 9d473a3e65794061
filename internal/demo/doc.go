// Package demo is the show of `muster demo`: simulated agents who behave like
// people, and a router that offers them calls.
//
// # Purpose
//
// It brings a floor to life with the SDK, so that whoever tries Muster has
// somebody to look at, and so that a server can be watched under a load that
// looks like work: log-ins, calls with wrap-up, lunch, training, ends of shifts,
// and browsers that die now and then. Each agent is a client of its own, with a
// stream that answers beats; the router is one that watches the floor. People
// log in with a password or, where a server in the same process gives them one,
// with a token.
// [StaffFile] writes who works there as a provisioning file; [Show] makes them
// work. [Past] tells what they did before the show, and leaves them in the middle
// of it; carrying it out is up to whoever asks.
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
// asked for. A past goes by at the pace of a real floor. Browsers are no people: how long a dead one stays away is in the
// time of the clock, because the server's patience is.
//
// # Concurrency
//
// One goroutine, the one in [Show.Run], owns all people and calls and decides
// when whose turn is. It hands requests to a fixed number of workers and learns
// the outcomes from them. Beside them run what the SDK runs for each client, and
// the router's watch of the floor; what those have to say is told to the one
// goroutine too, and waits for it. [Show.Stats] may be called from anywhere.
//
// # Lifecycle
//
// [Show.Run] returns when its context ends, after its workers have and all
// clients are closed. It does not log anybody out: to the server its end is that
// all browsers are closed at once. So is the death of one.
//
// # Invariants
//
// At most one function of the SDK is called for an agent at a time. Every call
// that was begun is ended or found gone. The SDK tries again what may pass, for
// half a minute at most; whatever the server answers after that, nobody asks
// again at once, but later each time.
//
// # Dependencies
//
// The SDK and the contract. It knows nothing of the server's inside: it could run
// against a server on another machine.
package demo
