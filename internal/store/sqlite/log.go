package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Head implements [store.Log].
func (db *DB) Head(ctx context.Context, tenant presence.TenantID) (store.Position, error) {
	var (
		epoch []byte
		seq   int64
	)
	err := db.read.QueryRowContext(ctx, `SELECT epoch,
		coalesce((SELECT max(seq) FROM records WHERE log_key = (SELECT log_key FROM logs WHERE tenant = ?)), 0)
		FROM epoch`, tenant.UUID[:]).Scan(&epoch, &seq)
	if err != nil {
		return store.Position{}, translate(err)
	}
	return store.Position{Epoch: store.Epoch(epoch), Seq: store.Seq(seq)}, nil
}

// LoggedTenants implements [store.Log].
func (db *DB) LoggedTenants(ctx context.Context) ([]presence.TenantID, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT tenant FROM logs`)
	if err != nil {
		return nil, translate(err)
	}
	defer rows.Close()
	var tenants []presence.TenantID
	for rows.Next() {
		var tenant []byte
		if err := rows.Scan(&tenant); err != nil {
			return nil, translate(err)
		}
		tenants = append(tenants, presence.TenantID{UUID: presence.UUID(tenant)})
	}
	return tenants, translate(rows.Err())
}

const selectRecord = `
	SELECT agent, records.seq, records.version, at, kind, event_doc, after_doc
	FROM records JOIN agents USING (agent_key)`

// Records implements [store.Log].
func (db *DB) Records(ctx context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	logKey, err := db.keys.logKey(ctx, db.read, tenant)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return db.records(ctx, tenant, selectRecord+` WHERE records.log_key = ? AND records.seq > ? ORDER BY records.seq LIMIT ?`, logKey, int64(after), limit)
}

// Record implements [store.Log].
func (db *DB) Record(ctx context.Context, tenant presence.TenantID, seq store.Seq) (store.Record, error) {
	records, err := db.Records(ctx, tenant, seq-1, 1)
	if err != nil {
		return store.Record{}, err
	}
	if len(records) == 0 || records[0].Seq != seq {
		return store.Record{}, fmt.Errorf("record %d: %w", seq, store.ErrNotFound)
	}
	return records[0], nil
}

// LatestOfAgent implements [store.Log].
func (db *DB) LatestOfAgent(ctx context.Context, key presence.Key, limit int) ([]store.Record, error) {
	agentKey, err := db.keys.agentKey(ctx, db.read, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	records, err := db.records(ctx, key.Tenant, selectRecord+` WHERE agent_key = ? ORDER BY records.seq DESC LIMIT ?`, agentKey, limit)
	slices.Reverse(records)
	return records, err
}

// RecordsOfAgent implements [store.Log].
func (db *DB) RecordsOfAgent(ctx context.Context, key presence.Key, after store.Seq, limit int) ([]store.Record, error) {
	agentKey, err := db.keys.agentKey(ctx, db.read, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return db.records(ctx, key.Tenant, selectRecord+` WHERE agent_key = ? AND records.seq > ? ORDER BY records.seq LIMIT ?`, agentKey, int64(after), limit)
}

func (db *DB) records(ctx context.Context, tenant presence.TenantID, query string, args ...any) ([]store.Record, error) {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, translate(err)
	}
	defer rows.Close()
	var records []store.Record
	for rows.Next() {
		record, err := scanRecord(rows)
		if err != nil {
			return nil, err
		}
		record.Key.Tenant = tenant
		records = append(records, record)
	}
	return records, translate(rows.Err())
}

func scanRecord(row interface{ Scan(...any) error }) (store.Record, error) {
	var (
		record        store.Record
		agent         []byte
		version       uint64
		at            presence.Instant
		kind          presence.Kind
		eventDoc, doc []byte
	)
	if err := row.Scan(&agent, &record.Seq, &version, &at, &kind, &eventDoc, &doc); err != nil {
		return store.Record{}, translate(err)
	}
	record.Key.Agent.UUID = presence.UUID(agent)
	var err error
	if record.Event, err = presence.DecodeEvent(kind, version, at, eventDoc); err != nil {
		return store.Record{}, fmt.Errorf("record %d: %w", record.Seq, err)
	}
	if err := json.Unmarshal(doc, &record.After); err != nil {
		return store.Record{}, fmt.Errorf("record %d: %w", record.Seq, err)
	}
	return record, nil
}
