package storetest

import (
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Store is what the suites of presence need of an adapter. The ports belong
// together: the log is written by committing agents, the floor shows members of
// the directory, and a change carries what is audited.
type Store interface {
	store.Agents
	store.Log
	store.Floor
	store.Intervals
	store.Directory
	store.Audit
}

// Open answers an empty store, a new one at each call, and has it closed when
// the test ends.
type Open func(t testing.TB) Store

// sentence is a promise with its check on a store of its own.
type sentence struct {
	promise string
	check   func(*testing.T, Store)
}

func holds(t *testing.T, open Open, sentences []sentence) {
	for _, s := range sentences {
		t.Run(s.promise, func(t *testing.T) {
			t.Parallel()
			s.check(t, open(t))
		})
	}
}

// nine is a time to begin at.
const nine presence.Instant = 1_772_442_000_000 // 2026-03-02T09:00:00Z

// byAnn is Ann acting for herself, bySue a supervisor.
var (
	byAnn = presence.Actor{Cause: presence.ByAgent, ID: ann, Name: "Ann"}
	bySue = presence.Actor{Cause: presence.BySupervisor, ID: presence.AgentID{UUID: presence.UUID{0x60, 15: 9}}, Name: "Sue"}
)

// begins is a command that starts a session, and later ends it.
var (
	begins = presence.StartSession{By: byAnn, WorkLimit: 1}
	ends   = presence.GoOffline{By: byAnn, Force: true}
)

// numbered is one of many agents.
func numbered(tenant presence.TenantID, n int) presence.Key {
	return presence.Key{Tenant: tenant, Agent: presence.AgentID{UUID: presence.UUID{0x61, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)}}}
}

// Closable is a store that outlives the process.
type Closable interface {
	Store
	// Close ends the store. Closing again does nothing.
	Close() error
}
