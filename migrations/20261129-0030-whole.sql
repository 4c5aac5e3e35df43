-- Until when the centre's feed is whole, and more than one old card of a visit.
--
-- Why this shape: a status that stands is not said again, so its age counts from when the feed was last known to be whole; that is
-- one moment for the whole feed and stands beside its cursor, UTC milliseconds, 0 for never. An old card that a Berita Acara names
-- is burned: what comes in afterwards at the same visit is another card and a row of its own. The key is in the table, so the
-- table is written anew. An older program would find no place for an old card in it.
ALTER TABLE sync_cursor ADD COLUMN whole_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE withdrawn_card_new (
    permohonan   TEXT    NOT NULL REFERENCES permohonan (id),
    running      INTEGER NOT NULL DEFAULT 1 CHECK (running > 0),
    condition    TEXT    NOT NULL CHECK (condition <> ''),
    place        TEXT    NOT NULL CHECK (place <> ''),
    withdrawn_at INTEGER NOT NULL DEFAULT 0,
    operator     TEXT    NOT NULL DEFAULT '',
    register_row INTEGER NOT NULL DEFAULT 0,
    berita_acara INTEGER REFERENCES berita_acara (id),
    PRIMARY KEY (permohonan, running)
) STRICT;
INSERT INTO withdrawn_card_new (permohonan, condition, place, withdrawn_at, operator, register_row, berita_acara)
SELECT permohonan, condition, place, withdrawn_at, operator, register_row, berita_acara FROM withdrawn_card ORDER BY rowid;
DROP TABLE withdrawn_card;
ALTER TABLE withdrawn_card_new RENAME TO withdrawn_card;
CREATE UNIQUE INDEX withdrawn_card_waiting ON withdrawn_card (permohonan) WHERE berita_acara IS NULL;
CREATE TRIGGER withdrawn_card_stays BEFORE DELETE ON withdrawn_card
    BEGIN SELECT RAISE(ABORT, 'a withdrawn card stays accounted for'); END;
