-- What stands between the outbox and the centre's answer.
--
-- Why this shape:
--  * receipts are proof: they have a table of their own that nothing can change, and stay when heavy files are purged;
--  * the centre's statuses stay in their mirror; a change says which packet it speaks of, and the same change by network
--    and by courier, or from a feed that begins anew, is one row;
--  * what the feed says beyond statuses is kept whole, also kinds that this program does not know yet;
--  * the cursor is one row that moves in the transaction that applies the rows;
--  * history and findings are bookkeeping of the exchange, not deeds at the desk: they leave no line in the register.

ALTER TABLE outbox ADD COLUMN wait_ms INTEGER NOT NULL DEFAULT 0;

ALTER TABLE central_status ADD COLUMN packet TEXT NOT NULL DEFAULT '';
ALTER TABLE central_status ADD COLUMN detail TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX central_status_once ON central_status (packet, as_of, status, detail) WHERE packet <> '';

CREATE TABLE receipt (
    packet      TEXT    NOT NULL PRIMARY KEY REFERENCES packet (id),
    cms         BLOB    NOT NULL CHECK (length(cms) > 0),
    received_at INTEGER NOT NULL DEFAULT 0,
    path        TEXT    NOT NULL CHECK (path IN ('network', 'courier')),
    applied_at  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt
    BEGIN SELECT RAISE(ABORT, 'receipts are kept'); END;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt
    BEGIN SELECT RAISE(ABORT, 'receipts are kept'); END;

CREATE TABLE sync_cursor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    cursor   TEXT    NOT NULL DEFAULT '0',
    moved_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE central_notice (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    body        TEXT    NOT NULL DEFAULT 'null' UNIQUE CHECK (json_valid(body)),
    received_at INTEGER NOT NULL DEFAULT 0,
    source      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TRIGGER central_notice_no_update BEFORE UPDATE ON central_notice
    BEGIN SELECT RAISE(ABORT, 'central_notice is append-only'); END;
CREATE TRIGGER central_notice_no_delete BEFORE DELETE ON central_notice
    BEGIN SELECT RAISE(ABORT, 'central_notice is append-only'); END;

CREATE TABLE sync_run (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    began_at INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER NOT NULL DEFAULT 0,
    path     TEXT    NOT NULL CHECK (path IN ('network', 'courier')),
    cause    TEXT    NOT NULL DEFAULT '',
    packets  INTEGER NOT NULL DEFAULT 0,
    bytes    INTEGER NOT NULL DEFAULT 0,
    changes  INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What a comparison of both sides brought to light; the same finding is one row.
CREATE TABLE sync_finding (
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL DEFAULT '',
    found_at INTEGER NOT NULL DEFAULT 0,
    seen_at  INTEGER NOT NULL DEFAULT 0,
    over_at  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, subject)
) STRICT;
