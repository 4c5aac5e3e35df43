-- Requests for a card that were given up.
--
-- Why this shape: a visit that ended or went back behind step 6 left its request standing at the centre for ever. That it is
-- given up is a report of its own kind, told like the others and after them. The CHECK is in the table, so the table is written
-- anew. An older program cannot read such a report.

CREATE TABLE card_report_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    job        TEXT    NOT NULL CHECK (job <> ''),
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('requested', 'issued', 'active', 'voided', 'old_withdrawn', 'withdrawn')),
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

-- Requests of visits that ended without a card, and those in whose place the visit made another: the centre holds them as running.
INSERT INTO card_report (job, permohonan, kind, nik, enrolment, happened)
SELECT r.job, r.permohonan, 'withdrawn', r.nik, r.enrolment, p.updated_at
FROM card_report r JOIN permohonan p ON p.id = r.permohonan
WHERE r.kind = 'requested'
  AND NOT EXISTS (SELECT 1 FROM card_report a WHERE a.job = r.job AND a.kind = 'active')
  AND (p.status IN ('cancelled', 'expired') OR coalesce(json_extract(p.state, '$.print_request.job'), '') <> r.job)
ORDER BY r.id;
UPDATE card_report SET state = 'waiting', next_at = 0, cause = ''
WHERE kind = 'requested' AND state <> 'told'
  AND EXISTS (SELECT 1 FROM card_report w WHERE w.job = card_report.job AND w.kind = 'withdrawn');
