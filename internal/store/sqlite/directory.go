package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Tenants implements [store.DirectoryReader].
func (db *DB) Tenants(ctx context.Context) (tenants []*directory.Tenant, err error) {
	err = db.readDirectory(ctx, "tenants", func(r directoryReader) error {
		tenants, err = r.tenants(ctx, "ORDER BY tenants.key")
		return err
	})
	return tenants, err
}

// Tenant implements [store.DirectoryReader].
func (db *DB) Tenant(ctx context.Context, id presence.TenantID) (tenant *directory.Tenant, err error) {
	err = db.readDirectory(ctx, "a tenant", func(r directoryReader) error {
		tenant, err = r.tenant(ctx, id)
		return err
	})
	return tenant, err
}

// Region implements [store.DirectoryReader].
func (db *DB) Region(ctx context.Context, id directory.RegionID) (region *directory.Region, err error) {
	err = db.readDirectory(ctx, "a region", func(r directoryReader) error {
		region, err = one(r.regions(ctx, "WHERE id = ?", id.UUID[:]))
		return err
	})
	return region, err
}

// User implements [store.DirectoryReader].
func (db *DB) User(ctx context.Context, id presence.AgentID) (user *directory.User, err error) {
	err = db.readDirectory(ctx, "a user", func(r directoryReader) error {
		user, err = r.userWithMemberships(ctx, "WHERE users.id = ?", id.UUID[:])
		return err
	})
	return user, err
}

// UserByName implements [store.DirectoryReader].
func (db *DB) UserByName(ctx context.Context, username string) (user *directory.User, err error) {
	err = db.readDirectory(ctx, "a user", func(r directoryReader) error {
		user, err = r.userWithMemberships(ctx, "WHERE users.username = ?", directory.FoldUsername(username))
		return err
	})
	return user, err
}

// Member implements [store.DirectoryReader].
func (db *DB) Member(ctx context.Context, key presence.Key) (member *directory.Member, err error) {
	err = db.readDirectory(ctx, "a member", func(r directoryReader) error {
		membership, err := r.membership(ctx, key)
		if err != nil {
			return err
		}
		user, err := r.user(ctx, key.Agent)
		if err != nil {
			return err
		}
		tenant, err := r.sharedTenant(ctx, &db.tenants, key.Tenant)
		if err != nil {
			return err
		}
		member = directory.NewMember(tenant, user, membership)
		return nil
	})
	return member, err
}

// Revision implements [store.DirectoryReader].
func (db *DB) Revision(ctx context.Context) (revision int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT revision FROM directory_revision`).Scan(&revision)
	return revision, translate(err)
}

// Load implements [store.DirectoryReader].
func (db *DB) Load(ctx context.Context) (contents *directory.Contents, err error) {
	err = db.readDirectory(ctx, "everything", func(r directoryReader) error {
		contents, err = r.contents(ctx)
		return err
	})
	return contents, err
}

// readDirectory runs do within one read transaction, so that several queries see
// one moment.
func (db *DB) readDirectory(ctx context.Context, what string, do func(directoryReader) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		defer func() { _ = tx.Rollback() }() // nothing was written
		err = do(directoryReader{tx: tx})
	}
	if err != nil {
		return fmt.Errorf("read %s of the directory: %w", what, translate(err))
	}
	return nil
}

// one takes the only element, or answers store.ErrNotFound.
func one[T any](all []*T, err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, store.ErrNotFound
	}
	return all[0], nil
}
