-- The centre is told of a card that was voided after it was printed, and of the next one under the same request.
--
-- Why this shape: one request may void several blangko before one is good, so that a report is one by its blangko as well;
-- SQLite changes no CHECK, so the table is made anew, with its ids: reports are told in their order.

CREATE TABLE card_report_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    job        TEXT    NOT NULL CHECK (job <> ''),
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('requested', 'issued', 'active', 'voided')),
    nik        TEXT    NOT NULL DEFAULT '',
    enrolment  TEXT    NOT NULL DEFAULT '',
    serial     TEXT    NOT NULL DEFAULT '',
    happened   INTEGER NOT NULL DEFAULT 0,
    state      TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told', 'refused')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER NOT NULL DEFAULT 0,
    wait_ms    INTEGER NOT NULL DEFAULT 0,
    cause      TEXT    NOT NULL DEFAULT '',
    settled_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (job, kind, serial)
) STRICT;
INSERT INTO card_report_new (id, job, permohonan, kind, nik, enrolment, serial, happened, state, attempts, next_at, wait_ms,
                             cause, settled_at)
SELECT id, job, permohonan, kind, nik, enrolment, serial, happened, state, attempts, next_at, wait_ms, cause, settled_at
FROM card_report ORDER BY id;
DROP TABLE card_report;
ALTER TABLE card_report_new RENAME TO card_report;
CREATE INDEX card_report_waiting ON card_report (id) WHERE state = 'waiting';
