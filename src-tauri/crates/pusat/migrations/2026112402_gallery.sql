-- The search for one person under two NIK: who is on record, whom a recording resembles, what a person decided.

ALTER TABLE recording ADD COLUMN mother_key text NOT NULL DEFAULT '';   -- domain::biodata::compare_key of the mother's name
ALTER TABLE recording ADD COLUMN whole boolean NOT NULL DEFAULT true;   -- with fingers and eyes, or their exceptions

-- Everybody recorded and not refused; the templates are those of finger_template. Numbers are given under one advisory
-- lock that is held until the commit, so that their order is the order of commits and a cursor never misses a row.
-- A row that changes gets a new number.
CREATE TABLE gallery (
    number bigint PRIMARY KEY,
    enrolment uuid NOT NULL UNIQUE REFERENCES enrolment,
    nik text NOT NULL CHECK (nik ~ '^[0-9]{16}$'),
    fingers smallint[] NOT NULL,                 -- ANSI/NIST positions with enough minutiae to be compared
    gone boolean NOT NULL DEFAULT false          -- refused after all, or the same person twice
);

INSERT INTO gallery (number, enrolment, nik, fingers)
SELECT row_number() OVER (ORDER BY e.received_ms, e.id), e.id, e.nik,
       ARRAY(SELECT t.finger FROM finger_template t WHERE t.enrolment = e.id ORDER BY t.finger)
FROM enrolment e JOIN recording r ON r.enrolment = e.id
WHERE e.nik IS NOT NULL AND e.stage = 'done' AND EXISTS (SELECT 1 FROM nik_holder h WHERE h.enrolment = e.id)
  AND e.status IN ('PRINT_READY_RECORD', 'SENT_FOR_CARD_PRINTING', 'CARD_PRINTED', 'CARD_SHIPPED', 'CARD_ISSUED');

-- Whom a recording resembles: the person who decides sees this.
CREATE TABLE resemblance (
    enrolment uuid NOT NULL REFERENCES enrolment,
    against uuid NOT NULL REFERENCES enrolment,
    kind text NOT NULL CHECK (kind IN ('fingers', 'biodata', 'nik')),
    likeness integer NOT NULL DEFAULT 0,         -- our search: bits above chance, all fingers together
    fingers smallint[] NOT NULL DEFAULT '{}',    -- positions compared
    scores integer[] NOT NULL DEFAULT '{}',      -- BOZORTH3 score of each
    found_ms bigint NOT NULL,
    PRIMARY KEY (enrolment, against, kind)
);

-- A person's word about a recording that waited. Only ever added to.
CREATE TABLE decision (
    id uuid PRIMARY KEY,
    at_ms bigint NOT NULL,
    enrolment uuid NOT NULL REFERENCES enrolment,
    asked text NOT NULL,                         -- why it waited
    word text NOT NULL CHECK (word IN ('same-person', 'different-person', 'accept', 'reject')),
    decider text NOT NULL CHECK (decider <> ''),
    reason text NOT NULL,
    status text NOT NULL                         -- what it led to; empty: back to the pipeline
);
CREATE INDEX decision_enrolment ON decision (enrolment, at_ms);

CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$;
CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
