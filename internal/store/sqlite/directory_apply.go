package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Apply implements [store.DirectoryWriter].
func (db *DB) Apply(ctx context.Context, revision int64, changes directory.Changes, entries []store.AuditEntry) error {
	err := db.inTransaction(ctx, func(tx *sql.Tx) error {
		a := &application{directoryReader: directoryReader{tx}, tenantsRead: map[presence.TenantID]*directory.Tenant{}, touched: map[presence.Key]bool{}}
		if err := a.begin(ctx, revision, len(changes)); err != nil {
			return err
		}
		for _, change := range changes {
			if err := a.change(ctx, change); err != nil {
				return fmt.Errorf("%s %s %s: %w", change.Action, change.Kind, change.Name, err)
			}
		}
		if err := a.refreshMembers(ctx); err != nil {
			return err
		}
		return appendAudit(ctx, tx, entries)
	})
	if err != nil {
		return fmt.Errorf("apply changes to the directory: %w", err)
	}
	return nil
}

// application is changes being written in one transaction.
type application struct {
	directoryReader
	// tenantsRead are tenants as they are within the transaction.
	tenantsRead map[presence.TenantID]*directory.Tenant
	// touched are the members whose worked-out columns may be out of date.
	touched map[presence.Key]bool
}

// begin checks the revision and raises it if there is anything to change.
func (a *application) begin(ctx context.Context, revision int64, changes int) error {
	var stored int64
	if err := a.tx.QueryRowContext(ctx, `SELECT revision FROM directory_revision`).Scan(&stored); err != nil {
		return err
	}
	if stored != revision {
		return fmt.Errorf("revision %d, now %d: %w", revision, stored, store.ErrStale)
	}
	if changes == 0 {
		return nil
	}
	return a.exec(ctx, `UPDATE directory_revision SET revision = revision + 1`)
}

func (a *application) change(ctx context.Context, change directory.Change) error {
	switch document := change.Document.(type) {
	case *directory.Region:
		return a.region(ctx, change.Action, document)
	case *directory.Tenant:
		delete(a.tenantsRead, document.ID)
		return a.tenantRow(ctx, change.Action, document)
	case *directory.Role:
		return a.part(ctx, change, part{table: "roles", id: document.ID.UUID, key: document.Key})
	case *directory.Group:
		return a.part(ctx, change, part{table: "groups", id: document.ID.UUID, key: document.Key})
	case *directory.ReasonList:
		return a.part(ctx, change, part{table: "reason_lists", id: document.ID.UUID, key: document.Key})
	case *directory.User:
		return a.userRow(ctx, change, document)
	case *directory.Membership:
		return a.member(ctx, change, document)
	}
	return fmt.Errorf("a document of type %T cannot be stored", change.Document)
}

func (a *application) region(ctx context.Context, action directory.Action, region *directory.Region) error {
	doc, err := encodeDocument(region)
	if err != nil {
		return err
	}
	switch action {
	case directory.Create:
		return a.exec(ctx, `INSERT INTO regions (id, key, doc) VALUES (?, ?, ?)`, region.ID.UUID[:], region.Key, doc)
	case directory.Update:
		return a.exec(ctx, `UPDATE regions SET key = ?, doc = ? WHERE id = ?`, region.Key, doc, region.ID.UUID[:])
	}
	return a.exec(ctx, `DELETE FROM regions WHERE id = ?`, region.ID.UUID[:])
}

func (a *application) tenantRow(ctx context.Context, action directory.Action, tenant *directory.Tenant) error {
	doc, err := encodeDocument(tenant)
	if err != nil {
		return err
	}
	switch action {
	case directory.Create:
		return a.exec(ctx, `INSERT INTO tenants (id, key, region_key, doc) VALUES (?, ?, (SELECT region_key FROM regions WHERE id = ?), ?)`,
			tenant.ID.UUID[:], tenant.Key, tenant.Region.UUID[:], doc)
	case directory.Update:
		return a.exec(ctx, `UPDATE tenants SET key = ?, region_key = (SELECT region_key FROM regions WHERE id = ?), doc = ? WHERE id = ?`,
			tenant.Key, tenant.Region.UUID[:], doc, tenant.ID.UUID[:])
	}
	return a.exec(ctx, `DELETE FROM tenants WHERE id = ?`, tenant.ID.UUID[:])
}

func (a *application) userRow(ctx context.Context, change directory.Change, user *directory.User) error {
	if change.Action == directory.Delete {
		return a.exec(ctx, `DELETE FROM users WHERE id = ?`, user.ID.UUID[:])
	}
	if change.Action == directory.Update {
		stored, err := a.userWithMemberships(ctx, `WHERE users.id = ?`, user.ID.UUID[:])
		if err != nil {
			return err
		}
		for _, membership := range stored.Memberships {
			a.touched[presence.Key{Tenant: membership.Tenant, Agent: user.ID}] = true
		}
		user = stored.Updated(user, change.Fields)
	}
	if !user.DefaultTenant.IsZero() {
		if _, err := a.readTenant(ctx, user.DefaultTenant); err != nil {
			return reference("default tenant", err)
		}
	}
	doc, err := encodeDocument(user)
	if err != nil {
		return err
	}
	columns := []any{directory.FoldUsername(user.Username), user.PasswordHash, blob(user.DefaultTenant.UUID), user.TokenGeneration, doc, user.ID.UUID[:]}
	if change.Action == directory.Create {
		return a.exec(ctx, `INSERT INTO users (username, password_hash, default_tenant, token_generation, doc, id)
			VALUES (?, ?, (SELECT tenant_key FROM tenants WHERE id = ?), ?, ?, ?)`, columns...)
	}
	return a.exec(ctx, `UPDATE users SET username = ?, password_hash = ?, default_tenant = (SELECT tenant_key FROM tenants WHERE id = ?),
		token_generation = ?, doc = ? WHERE id = ?`, columns...)
}

// exec runs a statement that must find a row.
func (a *application) exec(ctx context.Context, statement string, args ...any) error {
	return affect(a.tx.ExecContext(ctx, statement, args...))
}

func encodeDocument(document directory.Document) (string, error) {
	doc, err := json.Marshal(document)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	return string(doc), nil
}
