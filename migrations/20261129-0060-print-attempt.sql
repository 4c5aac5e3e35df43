-- What was sent to a printer of papers, until it is known whether a sheet came out.
--
-- Why this shape: a printer may never tell the end of a print, and the program may be killed between the printer and the book. So
-- each attempt is noted before the sheet is sent, and one without an end is asked about before the same paper is printed again.
-- paper names what counts as one paper: kind and number, else the kept paper itself, else the visit (a queue number is kept only
-- once it came out, so that its document is NULL until then). told_at is when the register was told that the end is not known; ended
-- says how it ended: nothing, as the printer said; out, as the printer or an officer said; none, as an officer said.
CREATE TABLE print_attempt (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    paper      TEXT    NOT NULL CHECK (paper <> ''),
    document   INTEGER REFERENCES document (id),
    permohonan TEXT    NOT NULL DEFAULT '',
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    roll       INTEGER NOT NULL DEFAULT 0 CHECK (roll IN (0, 1)),
    printer    TEXT    NOT NULL DEFAULT '',
    reason     TEXT    NOT NULL DEFAULT '',
    sent_at    INTEGER NOT NULL DEFAULT 0,
    told_at    INTEGER NOT NULL DEFAULT 0,
    ended_at   INTEGER NOT NULL DEFAULT 0,
    ended      TEXT    NOT NULL DEFAULT '' CHECK (ended IN ('', 'nothing', 'out', 'none')),
    CHECK ((ended = '') = (ended_at = 0))
) STRICT;
CREATE INDEX print_attempt_open ON print_attempt (paper) WHERE ended_at = 0;
