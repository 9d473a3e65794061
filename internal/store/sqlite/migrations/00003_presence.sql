-- The log of what happened, the agents as they are now, and the intervals made
-- of the log. Nothing here refers to the directory's tables: history outlives
-- the users and tenants that it is about.

-- +goose Up

-- One row for the whole database: the epoch names this life of its logs.
CREATE TABLE epoch (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    epoch BLOB NOT NULL CHECK (length(epoch) = 16)
) STRICT;
INSERT INTO epoch (one, epoch) VALUES (1, randomblob(16));

-- A tenant's log. projected is the number up to which intervals were made.
CREATE TABLE logs (
    log_key   INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant    BLOB NOT NULL UNIQUE CHECK (length(tenant) = 16),
    projected INTEGER NOT NULL DEFAULT 0
) STRICT;

-- An agent as it was last committed: seq is its newest record, which holds the
-- whole agent. The columns beside it are what the floor is searched by, as others
-- see the agent.
CREATE TABLE agents (
    agent_key INTEGER PRIMARY KEY AUTOINCREMENT,
    log_key   INTEGER NOT NULL REFERENCES logs,
    agent     BLOB NOT NULL CHECK (length(agent) = 16),
    version   INTEGER NOT NULL,
    live      INTEGER NOT NULL,
    state     TEXT NOT NULL,
    direction TEXT NOT NULL,
    offerable INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    receipts  BLOB,
    UNIQUE (log_key, agent)
) STRICT;
CREATE INDEX agents_live ON agents (log_key) WHERE live = 1;

-- When agents were last heard, written in batches.
CREATE TABLE leases (
    agent_key INTEGER PRIMARY KEY REFERENCES agents,
    fence     INTEGER NOT NULL,
    heard_at  INTEGER NOT NULL
) STRICT;

-- The log. after_doc is the agent as it was after the event.
CREATE TABLE records (
    log_key   INTEGER NOT NULL REFERENCES logs,
    seq       INTEGER NOT NULL,
    agent_key INTEGER NOT NULL,
    version   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    event_doc TEXT NOT NULL,
    after_doc TEXT NOT NULL,
    PRIMARY KEY (log_key, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX records_of_agent ON records (agent_key, seq);

-- Intervals. to_at is the largest integer while an interval is open, so that one
-- index finds open and closed ones.
CREATE TABLE intervals (
    agent_key       INTEGER NOT NULL REFERENCES agents,
    from_at         INTEGER NOT NULL,
    to_at           INTEGER NOT NULL,
    log_key         INTEGER NOT NULL REFERENCES logs,
    session         BLOB NOT NULL CHECK (length(session) = 16),
    state           TEXT NOT NULL,
    reason          TEXT NOT NULL,
    reason_id       BLOB,
    reason_list_id  BLOB,
    direction       TEXT NOT NULL,
    cause           TEXT NOT NULL,
    unvouched_since INTEGER NOT NULL,
    PRIMARY KEY (agent_key, from_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX intervals_of_tenant ON intervals (log_key, to_at);
