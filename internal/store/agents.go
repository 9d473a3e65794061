package store

import (
	"context"

	"github.com/muster-presence/muster/internal/presence"
)

// Agents is what the engine needs: agents as they were last committed, and one
// way to commit.
type Agents interface {
	// Live returns every agent with a live session, in no order. The engine
	// asks once, when it starts.
	Live(ctx context.Context) ([]Stored, error)
	// Agent returns one agent; for one that never had a session the zero value
	// with its key.
	Agent(ctx context.Context, key presence.Key) (Stored, error)
	// Commit writes all the changes durably, in their order, or none of them.
	// [ErrStale] means that an agent's version or a tenant's sequence is no
	// longer what a change was based on. After any error but [ErrStale] and
	// [ErrUnavailable] the caller must not assume either outcome: load again.
	Commit(ctx context.Context, changes []Change) error
	// NoteHeard remembers when agents were last heard. It is evidence, not
	// state: a note under an older fence than the stored one is dropped.
	NoteHeard(ctx context.Context, notes []Heard) error
}

// Stored is an agent as it was last committed.
type Stored struct {
	Key      presence.Key
	Agent    presence.Agent
	Receipts []Receipt
	// HeardAt is the newest note of [Agents.NoteHeard]; 0 if there is none.
	HeardAt presence.Instant
}

// Change is what one command changes of one agent.
type Change struct {
	Key presence.Key
	// Before is the agent's version that the change was decided on.
	Before uint64
	// Records are the events in order, at least one; the last one's After is
	// the agent from now on.
	Records []Record
	// Receipts replaces the agent's receipts.
	Receipts []Receipt
	// Audit is written with the change.
	Audit []AuditEntry
}

// MaxReceipts is how many receipts an agent keeps; the oldest goes first.
const MaxReceipts = 16

// Receipt remembers that a request with an idempotency key was carried out.
type Receipt struct {
	// Key is a digest of who asked for what under which key.
	Key [16]byte
	// Body is a digest of the request's body.
	Body [16]byte
	At   presence.Instant
	// Seq is the last record that the request made: its answer.
	Seq Seq
}

// Heard notes when an agent was last heard.
type Heard struct {
	Key   presence.Key
	Fence uint64
	At    presence.Instant
}
