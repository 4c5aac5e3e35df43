-- Corrections that applicants want of cards that were given all the same.
--
-- Why this shape: the note stood in the state of a closed visit, where nobody looks again. It waits here, one row to a visit,
-- until an application for a change of data that takes it up was handed in, or an officer noted how else it ended. Nothing is
-- deleted. An older program opens the file and passes over the table.

CREATE TABLE correction (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    note       TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    noted_at   INTEGER NOT NULL DEFAULT 0,
    follow_up  TEXT    NOT NULL DEFAULT '',
    closed_at  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX correction_open ON correction (noted_at) WHERE closed_at = 0;
CREATE INDEX correction_follow_up ON correction (follow_up) WHERE follow_up <> '';

-- What was noted before this table was there.
INSERT INTO correction (permohonan, note, operator, noted_at)
SELECT id, coalesce(json_extract(state, '$.handover.correction.note'), ''),
       coalesce(json_extract(state, '$.handover.correction.by'), ''),
       coalesce(unixepoch(json_extract(state, '$.handover.correction.at')), 0) * 1000
FROM permohonan WHERE json_extract(state, '$.handover.correction.note') IS NOT NULL;
