-- Who there is, and what was audited. Documents are JSON in the column doc;
-- beside it stands what is searched, referred to, or changed by users themselves.

-- +goose Up

-- One row. It counts the times that changes were applied.
CREATE TABLE directory_revision (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO directory_revision (one, revision) VALUES (1, 0);

CREATE TABLE regions (
    region_key INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    key        TEXT NOT NULL UNIQUE,
    doc        TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: a key must not come back for another tenant.
CREATE TABLE tenants (
    tenant_key INTEGER PRIMARY KEY AUTOINCREMENT,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    key        TEXT    NOT NULL UNIQUE,
    region_key INTEGER NOT NULL REFERENCES regions,
    doc        TEXT    NOT NULL
) STRICT;
CREATE INDEX tenants_of_region ON tenants (region_key);

CREATE TABLE roles (
    role_key   INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant_key INTEGER NOT NULL REFERENCES tenants ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    doc        TEXT    NOT NULL,
    UNIQUE (tenant_key, key)
) STRICT;

CREATE TABLE groups (
    group_key  INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant_key INTEGER NOT NULL REFERENCES tenants ON DELETE CASCADE,
    key        TEXT    NOT NULL,
    doc        TEXT    NOT NULL,
    UNIQUE (tenant_key, key)
) STRICT;

-- The system's own list is the same everywhere and stored nowhere.
CREATE TABLE reason_lists (
    reason_list_key INTEGER PRIMARY KEY,
    id              BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    tenant_key      INTEGER NOT NULL REFERENCES tenants ON DELETE CASCADE,
    key             TEXT    NOT NULL,
    doc             TEXT    NOT NULL,
    UNIQUE (tenant_key, key)
) STRICT;

-- username is folded, so that letters of any alphabet compare without case; the
-- spelling that people see is in doc. NOCASE guards whoever searches by hand.
CREATE TABLE users (
    user_key         INTEGER PRIMARY KEY AUTOINCREMENT,
    id               BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    username         TEXT    NOT NULL COLLATE NOCASE UNIQUE,
    password_hash    TEXT    NOT NULL,
    default_tenant   INTEGER REFERENCES tenants ON DELETE SET NULL,
    token_generation INTEGER NOT NULL,
    doc              TEXT    NOT NULL
) STRICT;
CREATE INDEX users_by_default_tenant ON users (default_tenant) WHERE default_tenant IS NOT NULL;

-- name, is_agent (1 when active and an agent) and groups (a JSON array of names)
-- are worked out from the documents whenever one of those changes, for the floor.
CREATE TABLE members (
    tenant_key       INTEGER NOT NULL REFERENCES tenants,
    user_key         INTEGER NOT NULL REFERENCES users,
    name             TEXT    NOT NULL DEFAULT '',
    is_agent         INTEGER NOT NULL DEFAULT 0,
    groups           TEXT    NOT NULL DEFAULT '[]',
    active_extension BLOB CHECK (length(active_extension) = 16),
    doc              TEXT    NOT NULL,
    PRIMARY KEY (tenant_key, user_key)
) STRICT;
CREATE INDEX members_of_user ON members (user_key);

-- Entries outlive the tenants and users they name, so they name them by id.
CREATE TABLE audit (
    audit_key   INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant      BLOB CHECK (length(tenant) = 16),
    at          INTEGER NOT NULL,
    actor       BLOB CHECK (length(actor) = 16),
    actor_name  TEXT    NOT NULL,
    action      TEXT    NOT NULL,
    target      BLOB CHECK (length(target) = 16),
    target_name TEXT    NOT NULL,
    details     TEXT,
    request_id  TEXT    NOT NULL
) STRICT;
CREATE INDEX audit_of_tenant ON audit (tenant, audit_key);
