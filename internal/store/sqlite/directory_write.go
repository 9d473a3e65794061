package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// SetActiveExtension implements [store.DirectoryWriter].
func (db *DB) SetActiveExtension(ctx context.Context, key presence.Key, extension directory.ExtensionID) error {
	err := db.inTransaction(ctx, func(tx *sql.Tx) error {
		membership, err := directoryReader{tx}.membership(ctx, key)
		if err != nil {
			return err
		}
		if !extension.IsZero() && !membership.HasExtension(extension) {
			return fmt.Errorf("extension %s is none of the member's: %w", extension, store.ErrConflict)
		}
		return affect(tx.ExecContext(ctx, `UPDATE members SET active_extension = ? WHERE `+memberIs,
			blob(extension.UUID), key.Tenant.UUID[:], key.Agent.UUID[:]))
	})
	if err != nil {
		return fmt.Errorf("set the active extension of member %s in tenant %s: %w", key.Agent, key.Tenant, err)
	}
	return nil
}

// SetDefaultTenant implements [store.DirectoryWriter].
func (db *DB) SetDefaultTenant(ctx context.Context, agent presence.AgentID, tenant presence.TenantID) error {
	err := db.inTransaction(ctx, func(tx *sql.Tx) error {
		user, err := directoryReader{tx}.userWithMemberships(ctx, `WHERE users.id = ?`, agent.UUID[:])
		if err != nil {
			return err
		}
		if !tenant.IsZero() && !user.IsMember(tenant) {
			return fmt.Errorf("the user is no member of tenant %s: %w", tenant, store.ErrConflict)
		}
		return affect(tx.ExecContext(ctx, `UPDATE users SET default_tenant = (SELECT tenant_key FROM tenants WHERE id = ?) WHERE id = ?`,
			blob(tenant.UUID), agent.UUID[:]))
	})
	if err != nil {
		return fmt.Errorf("set the default tenant of user %s: %w", agent, err)
	}
	return nil
}

// RaiseTokenGeneration implements [store.DirectoryWriter].
func (db *DB) RaiseTokenGeneration(ctx context.Context, agent presence.AgentID) (int64, error) {
	var raised int64
	err := db.inTransaction(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `UPDATE users SET token_generation = token_generation + 1 WHERE id = ? RETURNING token_generation`,
			agent.UUID[:]).Scan(&raised)
	})
	if err != nil {
		return 0, fmt.Errorf("raise the token generation of user %s: %w", agent, err)
	}
	return raised, nil
}

// memberIs selects one row of members by the ids of tenant and user.
const memberIs = `tenant_key = (SELECT tenant_key FROM tenants WHERE id = ?) AND user_key = (SELECT user_key FROM users WHERE id = ?)`

// affect makes store.ErrNotFound of a statement that found no row.
func affect(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	rows, err := result.RowsAffected()
	if err == nil && rows == 0 {
		err = store.ErrNotFound
	}
	return err
}
