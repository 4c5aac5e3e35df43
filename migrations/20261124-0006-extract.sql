-- The extract of residents as the sync engine fetches it.
--
-- Why this shape:
--  * what has arrived of a download is personal data: it waits in this encrypted file, not in a folder;
--  * an extract knows the centre's version, so that deltas which it already holds are passed over;
--  * when the centre was last asked is bookkeeping, not a deed at the desk.

ALTER TABLE resident_extract ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

CREATE TABLE extract_piece (
    start INTEGER PRIMARY KEY,
    tag   TEXT    NOT NULL DEFAULT '',
    total INTEGER NOT NULL DEFAULT 0,
    body  BLOB    NOT NULL DEFAULT x''
) STRICT;

CREATE TABLE extract_check (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at INTEGER NOT NULL DEFAULT 0,
    current_at INTEGER NOT NULL DEFAULT 0
) STRICT;
