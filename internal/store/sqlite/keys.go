package sqlite

import (
	"context"
	"database/sql"
	"sync"

	"github.com/muster-presence/muster/internal/presence"
)

// keys remembers the integer keys of logs and agents, which never change. Only
// committed keys are remembered.
type keys struct {
	logs   sync.Map // presence.TenantID to int64
	agents sync.Map // presence.Key to int64
}

// queryer is a pool or a transaction.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// logKey returns the key of a tenant's log, or store.ErrNotFound before its
// first record.
func (k *keys) logKey(ctx context.Context, q queryer, tenant presence.TenantID) (int64, error) {
	if key, ok := k.logs.Load(tenant); ok {
		return key.(int64), nil
	}
	var key int64
	err := q.QueryRowContext(ctx, `SELECT log_key FROM logs WHERE tenant = ?`, tenant.UUID[:]).Scan(&key)
	if err != nil {
		return 0, translate(err)
	}
	return key, nil
}

// agentKey returns the key of an agent, or store.ErrNotFound before its first
// event.
func (k *keys) agentKey(ctx context.Context, q queryer, key presence.Key) (int64, error) {
	if agentKey, ok := k.agents.Load(key); ok {
		return agentKey.(int64), nil
	}
	var agentKey int64
	err := q.QueryRowContext(ctx,
		`SELECT agent_key FROM agents JOIN logs USING (log_key) WHERE tenant = ? AND agent = ?`,
		key.Tenant.UUID[:], key.Agent.UUID[:]).Scan(&agentKey)
	if err != nil {
		return 0, translate(err)
	}
	return agentKey, nil
}
