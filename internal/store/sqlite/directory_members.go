package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func (a *application) member(ctx context.Context, change directory.Change, membership *directory.Membership) error {
	key := membership.Key()
	if change.Action == directory.Delete {
		return a.deleteMember(ctx, key)
	}
	if change.Action == directory.Update {
		stored, err := a.membership(ctx, key)
		if err != nil {
			return err
		}
		membership = stored.Updated(membership, change.Fields)
	}
	tenant, err := a.readTenant(ctx, key.Tenant)
	if err != nil {
		return reference("tenant", err)
	}
	if !membership.RefersWithin(tenant) {
		return fmt.Errorf("a role, group or reason list is not the tenant's: %w", store.ErrConflict)
	}
	if !membership.ActiveExtension.IsZero() && !membership.HasExtension(membership.ActiveExtension) {
		return fmt.Errorf("the active extension is none of the member's: %w", store.ErrConflict)
	}
	doc, err := encodeDocument(membership)
	if err != nil {
		return err
	}
	a.touched[key] = true
	columns := []any{blob(membership.ActiveExtension.UUID), doc, key.Tenant.UUID[:], key.Agent.UUID[:]}
	if change.Action == directory.Create {
		// A user who is not there gives NULL, which the column refuses.
		return a.exec(ctx, `INSERT INTO members (active_extension, doc, tenant_key, user_key)
			VALUES (?, ?, (SELECT tenant_key FROM tenants WHERE id = ?), (SELECT user_key FROM users WHERE id = ?))`, columns...)
	}
	return a.exec(ctx, `UPDATE members SET active_extension = ?, doc = ? WHERE `+memberIs, columns...)
}

func (a *application) deleteMember(ctx context.Context, key presence.Key) error {
	if err := a.exec(ctx, `DELETE FROM members WHERE `+memberIs, key.Tenant.UUID[:], key.Agent.UUID[:]); err != nil {
		return err
	}
	delete(a.touched, key)
	_, err := a.tx.ExecContext(ctx, `UPDATE users SET default_tenant = NULL
		WHERE id = ? AND default_tenant = (SELECT tenant_key FROM tenants WHERE id = ?)`, key.Agent.UUID[:], key.Tenant.UUID[:])
	return err
}

// touchMembers notes that the members' worked-out columns may be out of date.
func (a *application) touchMembers(ctx context.Context, condition string, args ...any) error {
	memberships, err := a.memberships(ctx, condition, args...)
	for _, membership := range memberships {
		a.touched[membership.Key()] = true
	}
	return err
}

// refreshMembers works out the columns that the floor is read by.
func (a *application) refreshMembers(ctx context.Context) error {
	if len(a.touched) == 0 {
		return nil
	}
	update, err := a.tx.PrepareContext(ctx, `UPDATE members SET name = ?, is_agent = ?, groups = ? WHERE `+memberIs)
	if err != nil {
		return err
	}
	defer update.Close()
	for key := range a.touched {
		if err := a.refreshMember(ctx, update, key); err != nil {
			return fmt.Errorf("member %s in tenant %s: %w", key.Agent, key.Tenant, err)
		}
	}
	return nil
}

func (a *application) refreshMember(ctx context.Context, update *sql.Stmt, key presence.Key) error {
	membership, err := a.membership(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil // deleted after it was touched
	} else if err != nil {
		return err
	}
	user, err := a.user(ctx, key.Agent)
	if err != nil {
		return err
	}
	tenant, err := a.readTenant(ctx, key.Tenant)
	if err != nil {
		return err
	}
	member := directory.NewMember(tenant, user, membership)
	groups, err := json.Marshal(member.GroupNames())
	if err != nil {
		return err
	}
	return affect(update.ExecContext(ctx, member.Name(), member.Active && member.IsAgent(), string(groups),
		key.Tenant.UUID[:], key.Agent.UUID[:]))
}
