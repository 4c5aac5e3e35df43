-- The blangko of foreigners beside those of citizens.
--
-- Why this shape: the card of a foreigner is orange, so its blangko is another thing to keep: it has balances, counts and
-- allotments of its own, and a piece is of one kind for ever. What was booked before this stays what the book could say then: a
-- blangko of citizens. The list of what is kept stands in CHECKs, so these tables are written anew; the ledger under its own
-- name, since each blangko refers to it. An older program cannot read the second kind.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE stock_movement_old AS
SELECT id, at, item, kind, source, target, quantity, first, last, permohonan, document, note, operator FROM stock_movement;
DROP TABLE stock_movement;
CREATE TABLE stock_movement (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL DEFAULT 0,
    item       TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    source     TEXT    NOT NULL CHECK (source IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing')),
    target     TEXT    NOT NULL CHECK (target IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing')),
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    first      TEXT    NOT NULL DEFAULT '',
    last       TEXT    NOT NULL DEFAULT '',
    permohonan TEXT    NOT NULL DEFAULT '',
    document   TEXT    NOT NULL DEFAULT '',
    note       TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    CHECK (source <> target),
    CHECK ((item IN ('blangko', 'blangko_wna')) = (first <> '' AND last <> ''))
) STRICT;
INSERT INTO stock_movement (id, at, item, kind, source, target, quantity, first, last, permohonan, document, note, operator)
SELECT id, at, item, kind, source, target, quantity, first, last, permohonan, document, note, operator
FROM stock_movement_old ORDER BY id;
DROP TABLE stock_movement_old;
CREATE INDEX stock_movement_at ON stock_movement (item, at);
CREATE TRIGGER stock_movement_no_update BEFORE UPDATE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END;
CREATE TRIGGER stock_movement_no_delete BEFORE DELETE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END;

ALTER TABLE blangko ADD COLUMN item TEXT NOT NULL DEFAULT 'blangko' CHECK (item IN ('blangko', 'blangko_wna'));
CREATE INDEX blangko_item ON blangko (item, account, serial);
CREATE TRIGGER blangko_keeps_its_kind BEFORE UPDATE ON blangko WHEN new.item <> old.item
    BEGIN SELECT RAISE(ABORT, 'a blangko is of one kind'); END;

CREATE TABLE stock_balance_new (
    item     TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    account  TEXT    NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0 CHECK (quantity >= 0 OR account = 'supplier'),
    PRIMARY KEY (item, account)
) STRICT;
INSERT INTO stock_balance_new (item, account, quantity) SELECT item, account, quantity FROM stock_balance;
DROP TABLE stock_balance;
ALTER TABLE stock_balance_new RENAME TO stock_balance;

CREATE TABLE stock_allotment_new (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL DEFAULT 0,
    item     TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    document TEXT    NOT NULL DEFAULT '',
    note     TEXT    NOT NULL DEFAULT '',
    operator TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO stock_allotment_new (id, at, item, quantity, document, note, operator)
SELECT id, at, item, quantity, document, note, operator FROM stock_allotment ORDER BY id;
DROP TABLE stock_allotment;
ALTER TABLE stock_allotment_new RENAME TO stock_allotment;

CREATE TABLE stock_count_new (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL DEFAULT 0,
    item        TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    booked      INTEGER NOT NULL DEFAULT 0,
    counted     INTEGER NOT NULL DEFAULT 0 CHECK (counted >= 0),
    difference  TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(difference)),
    explanation TEXT    NOT NULL DEFAULT '',
    operator    TEXT    NOT NULL DEFAULT ''
) STRICT;
INSERT INTO stock_count_new (id, at, item, booked, counted, difference, explanation, operator)
SELECT id, at, item, booked, counted, difference, explanation, operator FROM stock_count ORDER BY id;
DROP TABLE stock_count;
ALTER TABLE stock_count_new RENAME TO stock_count;
CREATE TRIGGER stock_count_no_update BEFORE UPDATE ON stock_count
    BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count
    BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
