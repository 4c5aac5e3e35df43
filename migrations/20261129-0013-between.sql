-- The card between printer and shelf, and what is destroyed.
--
-- Why this shape: an order whose card nobody found ended as one whose card was spoiled; it has an end of its own. The centre is
-- told of an old card when it is taken in, as a report of its own kind: a visit that never ends tells nothing else of it. Both
-- CHECKs are in the tables, so both tables are written anew. The photograph of a destruction stands beside its Berita Acara, one
-- to each, and is free to change until its paper is made. An older program can neither read such an order nor such a report.

CREATE TABLE card_job_new (
    id          TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    permohonan  TEXT    NOT NULL REFERENCES permohonan (id),
    blangko     TEXT    NOT NULL REFERENCES blangko (serial),
    printer     TEXT    NOT NULL DEFAULT '',
    state       TEXT    NOT NULL CHECK (state IN ('started', 'reported_done', 'stopped', 'unknown', 'closed')),
    outcome     TEXT    NOT NULL DEFAULT '' CHECK (outcome IN ('', 'printed', 'spoiled', 'missing', 'not_printed')),
    words       TEXT    NOT NULL DEFAULT '',
    operator    TEXT    NOT NULL DEFAULT '',
    started_at  INTEGER NOT NULL DEFAULT 0,
    reported_at INTEGER NOT NULL DEFAULT 0,
    closed_at   INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'closed') = (outcome <> ''))
) STRICT;
-- A card that was spoiled is among the spoiled pieces of its visit; one that nobody found is not.
INSERT INTO card_job_new (id, permohonan, blangko, printer, state, outcome, words, operator, started_at, reported_at, closed_at)
SELECT id, permohonan, blangko, printer, state,
       CASE WHEN outcome = 'spoiled' AND NOT EXISTS (SELECT 1 FROM spoiled_blangko s
                 WHERE s.serial = card_job.blangko AND s.permohonan = card_job.permohonan)
            THEN 'missing' ELSE outcome END,
       words, operator, started_at, reported_at, closed_at
FROM card_job ORDER BY started_at, id;
DROP TABLE card_job;
ALTER TABLE card_job_new RENAME TO card_job;
CREATE UNIQUE INDEX card_job_one_for_visit ON card_job (permohonan) WHERE state <> 'closed';
CREATE UNIQUE INDEX card_job_one_for_blangko ON card_job (blangko) WHERE state <> 'closed';
CREATE INDEX card_job_of ON card_job (permohonan);
CREATE INDEX card_job_closed ON card_job (closed_at);

CREATE TABLE card_report_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    job        TEXT    NOT NULL CHECK (job <> ''),
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('requested', 'issued', 'active', 'voided', 'old_withdrawn')),
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
-- Old cards that were taken in at visits of which no hand-over was reported: the centre never heard of them.
INSERT INTO card_report (job, permohonan, kind, nik, enrolment, happened)
SELECT json_extract(p.state, '$.print_request.job'), w.permohonan, 'old_withdrawn', p.nik,
       coalesce((SELECT k.id FROM packet k WHERE k.permohonan = p.id ORDER BY k.sequence DESC LIMIT 1), ''), w.withdrawn_at
FROM withdrawn_card w JOIN permohonan p ON p.id = w.permohonan
WHERE coalesce(json_extract(p.state, '$.print_request.job'), '') <> ''
  AND NOT EXISTS (SELECT 1 FROM card_report r WHERE r.permohonan = w.permohonan AND r.kind = 'active');

CREATE TABLE destruction_photo (
    berita_acara INTEGER NOT NULL PRIMARY KEY REFERENCES berita_acara (id),
    media_type   TEXT    NOT NULL DEFAULT '',
    photo        BLOB    NOT NULL DEFAULT x'',
    note         TEXT    NOT NULL DEFAULT '',
    kept_at      INTEGER NOT NULL DEFAULT 0,
    operator     TEXT    NOT NULL DEFAULT '',
    document     INTEGER NOT NULL DEFAULT 0,
    CHECK (length(photo) > 0 OR note <> '')
) STRICT;
CREATE TRIGGER destruction_photo_stays BEFORE DELETE ON destruction_photo
    BEGIN SELECT RAISE(ABORT, 'the photograph of a destruction stays'); END;
CREATE TRIGGER destruction_photo_signed BEFORE UPDATE ON destruction_photo WHEN old.document <> 0
    BEGIN SELECT RAISE(ABORT, 'the photograph of a destruction is signed off'); END;
