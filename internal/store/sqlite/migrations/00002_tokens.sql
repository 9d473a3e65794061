-- +goose Up

-- The key that tokens are signed with: one row or none.
CREATE TABLE signing_key (
    id  INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB    NOT NULL CHECK (length(key) = 32)
) STRICT;

-- Tokens revoked before their time. A row may go when the token has expired.
CREATE TABLE revoked_token (
    token_id   BLOB    PRIMARY KEY CHECK (length(token_id) = 16),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX revoked_token_by_expiry ON revoked_token (expires_at);
