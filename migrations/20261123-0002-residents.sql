-- Residents of the station's own wilayah, from a signed extract, for step 3 without a network.
--
-- Why this shape:
--  * the extract's line is kept whole as JSON; only what the desk searches by stands in columns;
--  * a new extract of a wilayah replaces the older one, so a row knows which extract it came from;
--  * the name index is one row of three blobs that is rebuilt on import and read into memory once: a search
--    then touches the file only for the few rows it shows.

CREATE TABLE resident_extract (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    wilayah     TEXT    NOT NULL DEFAULT '' UNIQUE,
    taken_at    TEXT    NOT NULL DEFAULT '',
    count       INTEGER NOT NULL DEFAULT 0,
    sha256      BLOB    NOT NULL DEFAULT x'',
    signer      TEXT    NOT NULL DEFAULT '',
    imported_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE resident (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    extract INTEGER NOT NULL REFERENCES resident_extract (id),
    nik     TEXT    NOT NULL DEFAULT '',
    kk      TEXT    NOT NULL DEFAULT '',
    name    TEXT    NOT NULL DEFAULT '',
    data    TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(data))
) STRICT;
CREATE INDEX resident_nik ON resident (nik);
CREATE INDEX resident_kk ON resident (kk);
CREATE INDEX resident_extract_of ON resident (extract);

CREATE TABLE resident_index (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL DEFAULT 0,
    words      BLOB    NOT NULL DEFAULT x'',
    postings   BLOB    NOT NULL DEFAULT x'',
    rows       BLOB    NOT NULL DEFAULT x''
) STRICT;
