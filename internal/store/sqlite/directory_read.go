package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// directoryReader reads documents within a transaction. Conditions are SQL of
// this package.
type directoryReader struct{ tx *sql.Tx }

func (r directoryReader) contents(ctx context.Context) (*directory.Contents, error) {
	contents := &directory.Contents{}
	err := r.tx.QueryRowContext(ctx, `SELECT revision FROM directory_revision`).Scan(&contents.Revision)
	if err != nil {
		return nil, err
	}
	if contents.Regions, err = r.regions(ctx, ""); err != nil {
		return nil, err
	}
	if contents.Tenants, err = r.tenants(ctx, ""); err != nil {
		return nil, err
	}
	if contents.Users, err = r.users(ctx, ""); err != nil {
		return nil, err
	}
	if contents.Memberships, err = r.memberships(ctx, ""); err != nil {
		return nil, err
	}
	contents.Arrange()
	relate(contents.Users, contents.Memberships)
	return contents, nil
}

// relate fills the accounts' view of their memberships, which are sorted by
// tenant.
func relate(users []*directory.User, memberships []*directory.Membership) {
	byID := make(map[presence.AgentID]*directory.User, len(users))
	for _, user := range users {
		byID[user.ID] = user
	}
	for _, membership := range memberships {
		user := byID[membership.Agent]
		user.Memberships = append(user.Memberships, directory.UserMembership{Tenant: membership.Tenant, Active: membership.Active})
	}
}

func (r directoryReader) regions(ctx context.Context, condition string, args ...any) ([]*directory.Region, error) {
	return query(ctx, r.tx, `SELECT doc FROM regions `+condition, args, func(rows *sql.Rows) (*directory.Region, error) {
		region := &directory.Region{}
		return region, scanDocument(rows, region)
	})
}

func (r directoryReader) tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error) {
	return one(r.tenants(ctx, `WHERE tenants.id = ?`, id.UUID[:]))
}

func (r directoryReader) tenants(ctx context.Context, condition string, args ...any) ([]*directory.Tenant, error) {
	tenants, err := query(ctx, r.tx, `SELECT doc FROM tenants `+condition, args, func(rows *sql.Rows) (*directory.Tenant, error) {
		// A setting that is younger than the document has its default.
		tenant := &directory.Tenant{Settings: directory.DefaultSettings()}
		return tenant, scanDocument(rows, tenant)
	})
	if err != nil {
		return nil, err
	}
	for _, tenant := range tenants {
		if tenant.Roles, err = parts[directory.Role](ctx, r.tx, "roles", tenant.ID); err != nil {
			return nil, err
		}
		if tenant.Groups, err = parts[directory.Group](ctx, r.tx, "groups", tenant.ID); err != nil {
			return nil, err
		}
		if tenant.ReasonLists, err = parts[directory.ReasonList](ctx, r.tx, "reason_lists", tenant.ID); err != nil {
			return nil, err
		}
		tenant.ReasonLists = append(tenant.ReasonLists, directory.SystemList())
		tenant.Arrange()
	}
	return tenants, nil
}

// parts returns the documents of a table that belong to a tenant.
func parts[T any](ctx context.Context, tx *sql.Tx, table string, tenant presence.TenantID) ([]T, error) {
	statement := `SELECT ` + table + `.doc FROM ` + table + ` JOIN tenants USING (tenant_key) WHERE tenants.id = ?`
	return query(ctx, tx, statement, []any{tenant.UUID[:]}, func(rows *sql.Rows) (document T, err error) {
		err = scanDocument(rows, &document)
		return document, err
	})
}

func (r directoryReader) user(ctx context.Context, id presence.AgentID) (*directory.User, error) {
	return one(r.users(ctx, `WHERE users.id = ?`, id.UUID[:]))
}

func (r directoryReader) userWithMemberships(ctx context.Context, condition string, args ...any) (*directory.User, error) {
	user, err := one(r.users(ctx, condition, args...))
	if err != nil {
		return nil, err
	}
	memberships, err := r.memberships(ctx, condition+` ORDER BY tenants.id`, args...)
	if err != nil {
		return nil, err
	}
	relate([]*directory.User{user}, memberships)
	return user, nil
}

func (r directoryReader) users(ctx context.Context, condition string, args ...any) ([]*directory.User, error) {
	return query(ctx, r.tx, `SELECT users.doc, users.password_hash, users.token_generation, tenants.id
		FROM users LEFT JOIN tenants ON tenants.tenant_key = users.default_tenant `+condition, args,
		func(rows *sql.Rows) (*directory.User, error) {
			user := &directory.User{}
			var defaultTenant []byte
			err := scanDocument(rows, user, &user.PasswordHash, &user.TokenGeneration, &defaultTenant)
			user.DefaultTenant.UUID = uuid(defaultTenant)
			return user, err
		})
}

func (r directoryReader) membership(ctx context.Context, key presence.Key) (*directory.Membership, error) {
	return one(r.memberships(ctx, `WHERE tenants.id = ? AND users.id = ?`, key.Tenant.UUID[:], key.Agent.UUID[:]))
}

func (r directoryReader) memberships(ctx context.Context, condition string, args ...any) ([]*directory.Membership, error) {
	return query(ctx, r.tx, `SELECT members.doc, tenants.id, users.id, members.active_extension
		FROM members JOIN tenants USING (tenant_key) JOIN users USING (user_key) `+condition, args,
		func(rows *sql.Rows) (*directory.Membership, error) {
			membership := &directory.Membership{}
			var tenant, agent, extension []byte
			err := scanDocument(rows, membership, &tenant, &agent, &extension)
			membership.Tenant.UUID, membership.Agent.UUID = uuid(tenant), uuid(agent)
			membership.ActiveExtension.UUID = uuid(extension)
			return membership, err
		})
}

// query returns what scan makes of every row.
func query[T any](ctx context.Context, tx *sql.Tx, statement string, args []any, scan func(*sql.Rows) (T, error)) ([]T, error) {
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		value, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, value)
	}
	return all, rows.Err()
}

// scanDocument reads a row whose first column is the document.
func scanDocument(rows *sql.Rows, document any, others ...any) error {
	var doc []byte
	if err := rows.Scan(append([]any{&doc}, others...)...); err != nil {
		return err
	}
	if err := json.Unmarshal(doc, document); err != nil {
		return fmt.Errorf("decode a stored %T: %w", document, err)
	}
	return nil
}
