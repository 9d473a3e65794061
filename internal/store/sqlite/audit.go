package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// AppendAudit implements [store.Audit].
func (db *DB) AppendAudit(ctx context.Context, entries []store.AuditEntry) error {
	return db.inTransaction(ctx, func(tx *sql.Tx) error { return appendAudit(ctx, tx, entries) })
}

// Audit implements [store.Audit].
func (db *DB) Audit(ctx context.Context, tenant presence.TenantID, before int64, limit int) ([]store.AuditEntry, int64, error) {
	if before <= 0 {
		before = 1<<63 - 1
	}
	// One more than asked for says whether the answer ends here.
	rows, err := db.read.QueryContext(ctx, `SELECT audit_key, tenant, at, actor, actor_name, action, target, target_name, details, request_id
		FROM audit WHERE tenant IS ? AND audit_key < ? ORDER BY audit_key DESC LIMIT ?`, blob(tenant.UUID), before, limit+1)
	if err != nil {
		return nil, 0, fmt.Errorf("read the audit: %w", translate(err))
	}
	defer rows.Close()
	var entries []store.AuditEntry
	var next, key int64
	for rows.Next() {
		last := key
		var entry store.AuditEntry
		if key, entry, err = scanAudit(rows); err != nil {
			return nil, 0, fmt.Errorf("read the audit: %w", translate(err))
		}
		if len(entries) == limit {
			next = last
			break
		}
		entries = append(entries, entry)
	}
	if err := rows.Err(); err != nil {
		return nil, 0, fmt.Errorf("read the audit: %w", translate(err))
	}
	return entries, next, nil
}

func scanAudit(rows *sql.Rows) (key int64, entry store.AuditEntry, err error) {
	var tenant, actor, target []byte
	var details sql.NullString
	err = rows.Scan(&key, &tenant, &entry.At, &actor, &entry.ActorName, &entry.Action, &target, &entry.TargetName, &details, &entry.RequestID)
	if err != nil {
		return 0, store.AuditEntry{}, err
	}
	entry.Tenant.UUID, entry.Actor.UUID, entry.Target.UUID = uuid(tenant), uuid(actor), uuid(target)
	if details.Valid {
		entry.Details = json.RawMessage(details.String)
	}
	return key, entry, nil
}

// appendAudit adds entries within a transaction of the caller's.
func appendAudit(ctx context.Context, tx *sql.Tx, entries []store.AuditEntry) error {
	for _, entry := range entries {
		details := sql.NullString{String: string(entry.Details), Valid: entry.Details != nil}
		_, err := tx.ExecContext(ctx, `INSERT INTO audit (tenant, at, actor, actor_name, action, target, target_name, details, request_id)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			blob(entry.Tenant.UUID), int64(entry.At), blob(entry.Actor.UUID), entry.ActorName, entry.Action,
			blob(entry.Target.UUID), entry.TargetName, details, entry.RequestID)
		if err != nil {
			return fmt.Errorf("append to the audit: %w", err)
		}
	}
	return nil
}

// blob is an id as it is stored: NULL for none.
func blob(id presence.UUID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

// uuid reads an id that may be NULL; the tables check the length.
func uuid(stored []byte) presence.UUID {
	if stored == nil {
		return presence.UUID{}
	}
	return presence.UUID(stored)
}
