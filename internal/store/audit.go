package store

import (
	"context"
	"encoding/json"

	"github.com/muster-presence/muster/internal/presence"
)

// AuditEntry says who did what to whom. Entries are only ever added.
type AuditEntry struct {
	// Tenant is where it was done; zero for what concerns no tenant.
	Tenant presence.TenantID
	At     presence.Instant
	// Actor is the user who did it, with the name of that moment; zero for the
	// system itself.
	Actor     presence.AgentID
	ActorName string
	// Action is a word in snake_case, such as "set_state".
	Action string
	// Target is the user it was done to, with the name of that moment; zero
	// where there is none.
	Target     presence.AgentID
	TargetName string
	// Details is a JSON object, nil for none. It holds no secrets.
	Details   json.RawMessage
	RequestID string
}

// Audit keeps what was done to whom by whom.
type Audit interface {
	// AppendAudit adds entries for what is no change of an agent or of the
	// directory; those bring their entries along.
	AppendAudit(ctx context.Context, entries []AuditEntry) error
	// Audit returns at most limit entries of a tenant, the newest first, that
	// are older than the one with the key before; 0 starts at the newest. Next
	// continues where the answer ends, 0 at the end. An unknown tenant has no
	// entries.
	Audit(ctx context.Context, tenant presence.TenantID, before int64, limit int) (entries []AuditEntry, next int64, err error)
}
