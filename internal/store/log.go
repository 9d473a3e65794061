package store

import (
	"context"

	"github.com/muster-presence/muster/internal/presence"
)

// Seq numbers a tenant's records from 1 without gaps.
type Seq uint64

// Epoch names one life of a log: numbers of different epochs do not compare. It
// is stored with the database and changes only with a new one or a restore.
type Epoch = presence.UUID

// Position is a place in a tenant's log: after the record with that number.
type Position struct {
	Epoch Epoch
	Seq   Seq
}

// Record is an entry of a tenant's log: an event, and the agent as it was after
// it, so that a reader needs no other record to know the state.
type Record struct {
	Key   presence.Key
	Seq   Seq
	Event presence.Event
	After presence.Agent
}

// Log reads what was committed. All reads see whole commits only, in the order
// of their numbers. What is returned may be shared with other callers and must
// not be changed.
type Log interface {
	// Head is the position of a tenant's newest record; Seq is 0 for an empty
	// log.
	Head(ctx context.Context, tenant presence.TenantID) (Position, error)
	// Records returns a tenant's records after a number, at most limit, rising.
	Records(ctx context.Context, tenant presence.TenantID, after Seq, limit int) ([]Record, error)
	// Record returns one record, or [ErrNotFound].
	Record(ctx context.Context, tenant presence.TenantID, seq Seq) (Record, error)
	// LatestOfAgent returns an agent's newest records, at most limit, rising.
	LatestOfAgent(ctx context.Context, key presence.Key, limit int) ([]Record, error)
	// RecordsOfAgent returns an agent's records after a number, at most limit,
	// rising.
	RecordsOfAgent(ctx context.Context, key presence.Key, after Seq, limit int) ([]Record, error)
	// Tenants lists the tenants that have a log, in no order.
	LoggedTenants(ctx context.Context) ([]presence.TenantID, error)
}
