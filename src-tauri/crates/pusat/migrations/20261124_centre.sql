-- The centre's first schema. Times are UTC milliseconds. No sequences and no triggers: ids are UUIDv7 or numbered per
-- station, so that the tables can be spread over several machines later.

CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);

CREATE TABLE station (
    code text PRIMARY KEY,
    name text NOT NULL,
    wilayah text NOT NULL,                       -- dotted; residents at or below it may be taken
    first_sequence bigint NOT NULL DEFAULT 1,
    activation_hash text NOT NULL DEFAULT '',    -- SHA-256 of the secret, hex
    activation_until_ms bigint NOT NULL DEFAULT 0,
    certificate text NOT NULL DEFAULT '',        -- PEM
    certificate_key text NOT NULL DEFAULT '',    -- SHA-256 of the public key
    serial text NOT NULL DEFAULT '',
    previous_serial text NOT NULL DEFAULT '',    -- still valid until previous_until_ms after a renewal
    previous_until_ms bigint NOT NULL DEFAULT 0,
    revoked_ms bigint,
    feed_number bigint NOT NULL DEFAULT 0,       -- number of the last change; its row lock orders the feed
    added_ms bigint NOT NULL
);

CREATE TABLE operator (
    station text NOT NULL REFERENCES station,
    id text NOT NULL,
    name text NOT NULL,
    roles text[] NOT NULL DEFAULT '{}',
    certificate text NOT NULL DEFAULT '',
    certificate_key text NOT NULL DEFAULT '',
    revoked_ms bigint,
    PRIMARY KEY (station, id)
);

CREATE TABLE revocation (serial text PRIMARY KEY, at_ms bigint NOT NULL, subject text NOT NULL);

-- Parts on their way; the bytes lie in the spool, and their number there is the offset.
CREATE TABLE upload (
    id uuid PRIMARY KEY,
    enrolment uuid NOT NULL,
    part text NOT NULL,
    sha256 text NOT NULL,
    bytes bigint NOT NULL,
    station text NOT NULL REFERENCES station,
    expires_ms bigint NOT NULL,
    UNIQUE (enrolment, part, sha256)
);
CREATE INDEX upload_expires ON upload (expires_ms);

CREATE TABLE enrolment (
    id uuid PRIMARY KEY,
    station text NOT NULL REFERENCES station,
    sequence bigint NOT NULL,
    created_ms bigint NOT NULL,
    training boolean NOT NULL,
    urgent boolean NOT NULL,
    parts jsonb NOT NULL,
    receipt bytea NOT NULL,
    via text NOT NULL,
    received_ms bigint NOT NULL,
    stage text NOT NULL,
    stage_after_ms bigint NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    status text NOT NULL,
    reason text NOT NULL DEFAULT '',
    status_ms bigint NOT NULL,
    nik text CHECK (nik ~ '^[0-9]{16}$'),
    UNIQUE (station, sequence)
);
CREATE INDEX enrolment_work ON enrolment (stage, urgent DESC, received_ms) WHERE stage <> 'done';
CREATE INDEX enrolment_nik ON enrolment (nik) WHERE nik IS NOT NULL;

-- Everything that happened; only ever added to. The tables beside it are projections.
CREATE TABLE event (
    id uuid PRIMARY KEY,
    at_ms bigint NOT NULL,
    kind text NOT NULL,
    station text,
    enrolment uuid,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX event_enrolment ON event (enrolment, at_ms) WHERE enrolment IS NOT NULL;

-- What a station still lacks to be told.
CREATE TABLE feed (
    station text NOT NULL REFERENCES station,
    number bigint NOT NULL,
    change jsonb NOT NULL,
    PRIMARY KEY (station, number)
);

CREATE TABLE announced (
    station text NOT NULL REFERENCES station,
    sequence bigint NOT NULL,
    enrolment uuid NOT NULL,
    PRIMARY KEY (station, sequence)
);

-- What was opened. One row per believed packet.
CREATE TABLE recording (
    enrolment uuid PRIMARY KEY REFERENCES enrolment,
    operator text NOT NULL,
    register_row bigint NOT NULL,
    register_hash text NOT NULL,
    name_key text NOT NULL DEFAULT '',           -- domain::biodata::compare_key of the name
    born text NOT NULL DEFAULT '',
    sex text NOT NULL DEFAULT '',
    biodata jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX recording_person ON recording (born, name_key);

CREATE TABLE finger_template (
    enrolment uuid NOT NULL REFERENCES enrolment,
    finger smallint NOT NULL,                    -- ANSI/NIST position 1 to 10
    template bytea NOT NULL,
    PRIMARY KEY (enrolment, finger)
);

-- Digest of every biometric image ever accepted: the same bytes never come from a second capture.
CREATE TABLE image_digest (sha256 text PRIMARY KEY, enrolment uuid NOT NULL, what text NOT NULL);

-- Who holds a NIK; the first of two packets at the same time wins the insert, the other one goes to a person.
CREATE TABLE nik_holder (nik text PRIMARY KEY CHECK (nik ~ '^[0-9]{16}$'), enrolment uuid NOT NULL);

CREATE TABLE resident (
    nik text PRIMARY KEY CHECK (nik ~ '^[0-9]{16}$'),
    kk text NOT NULL,
    wilayah text NOT NULL,                       -- dotted, the finest that is known
    data jsonb NOT NULL,
    version bigint NOT NULL,
    gone boolean NOT NULL DEFAULT false
);
CREATE INDEX resident_wilayah ON resident (wilayah text_pattern_ops);

CREATE TABLE extract (
    wilayah text NOT NULL,
    version bigint NOT NULL,
    body bytea NOT NULL,                         -- NDJSON, zstd
    signature bytea NOT NULL,
    made_ms bigint NOT NULL,
    PRIMARY KEY (wilayah, version)
);

CREATE TABLE credential (
    job uuid PRIMARY KEY,
    nik text NOT NULL CHECK (nik ~ '^[0-9]{16}$'),
    enrolment uuid,
    station text NOT NULL REFERENCES station,
    status text NOT NULL,
    serial text NOT NULL DEFAULT '',
    at_ms bigint NOT NULL
);
