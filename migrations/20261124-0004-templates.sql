-- Who was recorded here before under another NIK?
--
-- Why this shape:
--  * one small template a finger, so that a search does not open pictures, and outlives their purge;
--  * a check says which captures it looked at: when fingers are taken again it is due again, and a check that was
--    stopped leaves no row and is due still;
--  * what was found stands beside the check: ids of visits and scores, no NIK.

CREATE TABLE finger_template (
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    finger     INTEGER NOT NULL CHECK (finger BETWEEN 1 AND 10),
    template   BLOB    NOT NULL CHECK (length(template) >= 4),
    PRIMARY KEY (permohonan, finger)
) STRICT;

CREATE TABLE duplicate_check (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    captures   TEXT    NOT NULL,
    found      TEXT    NOT NULL DEFAULT '[]',
    checked_at INTEGER NOT NULL
) STRICT;
