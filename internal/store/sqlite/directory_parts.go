package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// part is a role, a group or a reason list of a tenant.
type part struct {
	table string
	id    presence.UUID
	key   string
}

// usedBy tells which field of a member's document refers to the parts of a table.
var usedBy = map[string]string{"roles": "$.roles", "groups": "$.groups", "reason_lists": "$.reasonLists"}

func (a *application) part(ctx context.Context, change directory.Change, part part) error {
	delete(a.tenantsRead, change.Tenant)
	doc, err := encodeDocument(change.Document)
	if err != nil {
		return err
	}
	const tenantIs = `tenant_key = (SELECT tenant_key FROM tenants WHERE id = ?)`
	switch change.Action {
	case directory.Create:
		// A tenant that is not there gives NULL, which the column refuses.
		return a.exec(ctx, `INSERT INTO `+part.table+` (id, tenant_key, key, doc) VALUES (?, (SELECT tenant_key FROM tenants WHERE id = ?), ?, ?)`,
			part.id[:], change.Tenant.UUID[:], part.key, doc)
	case directory.Update:
		if err := a.touchMembers(ctx, `WHERE tenants.id = ?`, change.Tenant.UUID[:]); err != nil {
			return err
		}
		return a.exec(ctx, `UPDATE `+part.table+` SET key = ?, doc = ? WHERE id = ? AND `+tenantIs,
			part.key, doc, part.id[:], change.Tenant.UUID[:])
	}
	if err := a.refuseIfUsed(ctx, change.Tenant, part); err != nil {
		return err
	}
	return a.exec(ctx, `DELETE FROM `+part.table+` WHERE id = ? AND `+tenantIs, part.id[:], change.Tenant.UUID[:])
}

// refuseIfUsed keeps members from referring to something that is gone.
func (a *application) refuseIfUsed(ctx context.Context, tenant presence.TenantID, part part) error {
	var used bool
	err := a.tx.QueryRowContext(ctx, `SELECT EXISTS (
		SELECT 1 FROM members JOIN tenants USING (tenant_key), json_each(members.doc, ?) AS referred
		WHERE tenants.id = ? AND referred.value = ?)`,
		usedBy[part.table], tenant.UUID[:], part.id.String()).Scan(&used)
	if err != nil {
		return err
	}
	if used {
		return fmt.Errorf("a member refers to it: %w", store.ErrConflict)
	}
	return nil
}

// readTenant returns a tenant as it is within the transaction.
func (a *application) readTenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error) {
	if tenant, ok := a.tenantsRead[id]; ok {
		return tenant, nil
	}
	tenant, err := a.tenant(ctx, id)
	if err != nil {
		return nil, err
	}
	a.tenantsRead[id] = tenant
	return tenant, nil
}

// reference makes a conflict of something that is referred to and not there.
func reference(what string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("there is no such %s: %w", what, store.ErrConflict)
	}
	return err
}
