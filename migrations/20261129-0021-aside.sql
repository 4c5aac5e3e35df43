-- Cards that were missing and are found again, and what stands in the queue of a visit that ended.
--
-- Why this shape: a card that was missing and turns up is somebody's card, not a blangko. It was booked back into the store, so that
-- every number of what can be used was one too high. It has an account of its own now, from which it can only be voided. The
-- list of accounts stands in CHECKs, so ledger and pieces are written anew under their own names, as they refer to each other
-- and others to them. What an older program put into the store is set aside by a movement of its own, at the time it was found.
-- An older program cannot read the account.
PRAGMA defer_foreign_keys = ON;

CREATE TABLE stock_movement_old AS
SELECT id, at, item, kind, source, target, quantity, first, last, permohonan, document, note, operator FROM stock_movement;
CREATE TABLE blangko_old AS
SELECT serial, item, account, permohonan, movement, received_at, moved_at FROM blangko;
DROP TABLE stock_movement;
CREATE TABLE stock_movement (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL DEFAULT 0,
    item       TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    source     TEXT    NOT NULL CHECK (source IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing', 'aside')),
    target     TEXT    NOT NULL CHECK (target IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing', 'aside')),
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

DROP TABLE blangko;
CREATE TABLE blangko (
    serial      TEXT    NOT NULL PRIMARY KEY CHECK (serial <> ''),
    item        TEXT    NOT NULL DEFAULT 'blangko' CHECK (item IN ('blangko', 'blangko_wna')),
    account     TEXT    NOT NULL CHECK (account IN ('store', 'printer', 'held', 'used', 'spoiled', 'destroyed', 'returned',
                    'missing', 'aside')),
    permohonan  TEXT    NOT NULL DEFAULT '',
    movement    INTEGER NOT NULL REFERENCES stock_movement (id),
    received_at INTEGER NOT NULL DEFAULT 0,
    moved_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO blangko (serial, item, account, permohonan, movement, received_at, moved_at)
SELECT serial, item, account, permohonan, movement, received_at, moved_at FROM blangko_old ORDER BY serial;
DROP TABLE blangko_old;
CREATE INDEX blangko_account ON blangko (account, serial);
CREATE INDEX blangko_item ON blangko (item, account, serial);
CREATE INDEX blangko_of ON blangko (permohonan) WHERE permohonan <> '';
CREATE TRIGGER blangko_keeps_its_kind BEFORE UPDATE ON blangko WHEN new.item <> old.item
    BEGIN SELECT RAISE(ABORT, 'a blangko is of one kind'); END;
CREATE TRIGGER blangko_stays BEFORE DELETE ON blangko BEGIN SELECT RAISE(ABORT, 'a blangko stays accounted for'); END;

INSERT INTO stock_movement (at, item, kind, source, target, quantity, first, last)
SELECT b.moved_at, b.item, 'set_aside', 'store', 'aside', 1, b.serial, b.serial
FROM blangko b
WHERE b.account = 'store'
  AND EXISTS (SELECT 1 FROM card_job j WHERE j.blangko = b.serial AND j.outcome IN ('printed', 'spoiled', 'missing'))
ORDER BY b.serial;
UPDATE blangko SET account = 'aside',
       movement = (SELECT m.id FROM stock_movement m WHERE m.kind = 'set_aside' AND m.first = serial)
WHERE serial IN (SELECT first FROM stock_movement WHERE kind = 'set_aside');
UPDATE stock_balance
SET quantity = quantity - (SELECT count(*) FROM blangko b WHERE b.account = 'aside' AND b.item = stock_balance.item)
WHERE account = 'store';
INSERT INTO stock_balance (item, account, quantity)
SELECT item, 'aside', count(*) FROM blangko WHERE account = 'aside' GROUP BY item;

-- Visits that ended while they waited for their birthday kept their place in the queue.
UPDATE print_queue SET state = 'left'
WHERE state <> 'left'
  AND permohonan IN (SELECT id FROM permohonan WHERE status IN ('closed', 'cancelled', 'expired'));
