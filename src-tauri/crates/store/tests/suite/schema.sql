CREATE INDEX central_status_of ON central_status (nik, as_of);
CREATE UNIQUE INDEX central_status_once ON central_status (packet, as_of, status, detail) WHERE packet <> '';
CREATE INDEX document_of ON document (permohonan);
CREATE UNIQUE INDEX exception_standing ON exception (permohonan, modality, part) WHERE withdrawn_at = 0;
CREATE INDEX isian_riwayat_of ON isian_riwayat (permohonan, unsur);
CREATE INDEX packet_of ON packet (permohonan);
CREATE INDEX permohonan_nik ON permohonan (nik);
CREATE INDEX permohonan_queue ON permohonan (status, priority DESC, opened_at);
CREATE INDEX register_book ON register (seq) WHERE book = 1;
CREATE INDEX register_of ON register (permohonan);
CREATE INDEX rematch_of ON rematch (permohonan);
CREATE INDEX resident_extract_of ON resident (extract);
CREATE INDEX resident_kk ON resident (kk);
CREATE INDEX resident_nik ON resident (nik);
CREATE UNIQUE INDEX sample_chosen ON sample (permohonan, modality, part) WHERE chosen = 1;
CREATE INDEX sample_image_of ON sample_image (sample);
CREATE INDEX signature_of ON signature (permohonan);
CREATE INDEX step_time_of ON step_time (permohonan);
CREATE INDEX verification_of ON verification (permohonan);
CREATE TABLE berkas (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    code       TEXT    NOT NULL DEFAULT '',
    decision   TEXT    NOT NULL DEFAULT 'pending' CHECK (decision IN ('pending', 'accepted', 'refused', 'waived')),
    note       TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    decided_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (permohonan, code)
) STRICT;
CREATE TABLE berkas_halaman (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    berkas     INTEGER NOT NULL REFERENCES berkas (id),
    seq        INTEGER NOT NULL DEFAULT 0,
    media_type TEXT    NOT NULL DEFAULT '',
    taken_at   INTEGER NOT NULL DEFAULT 0,
    image      BLOB    NOT NULL DEFAULT x'',
    UNIQUE (berkas, seq)
) STRICT;
CREATE TABLE central_notice (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    body        TEXT    NOT NULL DEFAULT 'null' UNIQUE CHECK (json_valid(body)),
    received_at INTEGER NOT NULL DEFAULT 0,
    source      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE central_status (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    nik         TEXT    NOT NULL DEFAULT '',
    status      TEXT    NOT NULL DEFAULT '',
    as_of       INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL DEFAULT 0,
    source      TEXT    NOT NULL DEFAULT ''
, packet TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE checkpoint (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    seq      INTEGER NOT NULL DEFAULT 0,
    hash     BLOB    NOT NULL DEFAULT x'',
    made_at  INTEGER NOT NULL DEFAULT 0,
    evidence BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE device_binding (
    role     TEXT    NOT NULL PRIMARY KEY,
    device   TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(device)),
    bound_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE document (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan  TEXT    NOT NULL DEFAULT '',
    kind        TEXT    NOT NULL DEFAULT '',
    number      TEXT    NOT NULL DEFAULT '',
    sha256      BLOB    NOT NULL DEFAULT x'',
    rendered_at INTEGER NOT NULL DEFAULT 0,
    printed_at  INTEGER NOT NULL DEFAULT 0,
    operator    TEXT    NOT NULL DEFAULT '',
    pdf         BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE duplicate_check (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    captures   TEXT    NOT NULL,
    found      TEXT    NOT NULL DEFAULT '[]',
    checked_at INTEGER NOT NULL
) STRICT;
CREATE TABLE exception (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan   TEXT    NOT NULL REFERENCES permohonan (id),
    modality     TEXT    NOT NULL CHECK (modality IN ('portrait', 'fingers', 'irises', 'signature')),
    part         TEXT    NOT NULL DEFAULT '',
    kind         TEXT    NOT NULL DEFAULT '',
    reason       TEXT    NOT NULL DEFAULT '',
    recorded_by  TEXT    NOT NULL DEFAULT '',
    recorded_at  INTEGER NOT NULL DEFAULT 0,
    confirmed_by TEXT    NOT NULL DEFAULT '' CHECK (confirmed_by = '' OR confirmed_by <> recorded_by),
    confirmed_at INTEGER NOT NULL DEFAULT 0,
    withdrawn_at INTEGER NOT NULL DEFAULT 0,
    photo        BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE extract_check (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at INTEGER NOT NULL DEFAULT 0,
    current_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE extract_piece (
    start INTEGER PRIMARY KEY,
    tag   TEXT    NOT NULL DEFAULT '',
    total INTEGER NOT NULL DEFAULT 0,
    body  BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE finger_template (
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    finger     INTEGER NOT NULL CHECK (finger BETWEEN 1 AND 10),
    template   BLOB    NOT NULL CHECK (length(template) >= 4),
    PRIMARY KEY (permohonan, finger)
) STRICT;
CREATE TABLE isian (
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    unsur      TEXT    NOT NULL CHECK (unsur <> ''),
    value      TEXT    NOT NULL DEFAULT '',
    saved_at   INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (permohonan, unsur)
) STRICT;
CREATE TABLE isian_riwayat (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    unsur      TEXT    NOT NULL DEFAULT '',
    value      TEXT    NOT NULL DEFAULT '',
    saved_at   INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE meta (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    station    TEXT    NOT NULL DEFAULT '',
    training   INTEGER NOT NULL DEFAULT 0 CHECK (training IN (0, 1)),
    created_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE migration (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE operator (
    id         TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    name       TEXT    NOT NULL DEFAULT '',
    roles      TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(roles)),
    status     TEXT    NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'revoked')),
    finger     BLOB    NOT NULL DEFAULT x'',
    updated_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE outbox (
    packet   TEXT    NOT NULL PRIMARY KEY REFERENCES packet (id),
    state    TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'acked', 'refused')),
    priority INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at  INTEGER NOT NULL DEFAULT 0,
    cause    TEXT    NOT NULL DEFAULT '',
    acked_at INTEGER NOT NULL DEFAULT 0,
    receipt  BLOB    NOT NULL DEFAULT x'', wait_ms INTEGER NOT NULL DEFAULT 0,
    CHECK (state <> 'acked' OR length(receipt) > 0)
) STRICT;
CREATE TABLE packet (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    permohonan   TEXT    NOT NULL REFERENCES permohonan (id),
    sequence     INTEGER NOT NULL UNIQUE,
    register_seq INTEGER NOT NULL DEFAULT 0,
    sealed_at    INTEGER NOT NULL DEFAULT 0,
    operator     TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE packet_part (
    packet   TEXT    NOT NULL REFERENCES packet (id),
    part     TEXT    NOT NULL CHECK (part IN ('id', 'bio', 'dok')),
    path     TEXT    NOT NULL DEFAULT '',
    sha256   BLOB    NOT NULL DEFAULT x'',
    bytes    INTEGER NOT NULL DEFAULT 0,
    location TEXT    NOT NULL DEFAULT '',
    sent     INTEGER NOT NULL DEFAULT 0 CHECK (sent BETWEEN 0 AND bytes),
    PRIMARY KEY (packet, part)
) STRICT;
CREATE TABLE permohonan (
    id         TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    ticket     TEXT    NOT NULL DEFAULT '' UNIQUE,
    kind       TEXT    NOT NULL DEFAULT '',
    plan       TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(plan)),
    state      TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(state)),
    step       TEXT    NOT NULL DEFAULT 'form' CHECK (step IN ('form', 'requirements', 'verification', 'capture',
                   'attestation', 'print_request', 'status', 'print', 'handover')),
    status     TEXT    NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'captured', 'attested', 'sealed', 'sent',
                   'acked', 'returned', 'closed', 'cancelled', 'expired')),
    nik        TEXT    NOT NULL DEFAULT '',
    name       TEXT    NOT NULL DEFAULT '',
    priority   INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT '',
    opened_at  INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE receipt (
    packet      TEXT    NOT NULL PRIMARY KEY REFERENCES packet (id),
    cms         BLOB    NOT NULL CHECK (length(cms) > 0),
    received_at INTEGER NOT NULL DEFAULT 0,
    path        TEXT    NOT NULL CHECK (path IN ('network', 'courier')),
    applied_at  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE recorded_nik (
    nik         TEXT    NOT NULL PRIMARY KEY,
    recorded_at INTEGER NOT NULL DEFAULT 0,
    source      TEXT    NOT NULL DEFAULT '' CHECK (source IN ('station', 'centre', 'card', 'extract'))
) STRICT;
CREATE TABLE register (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL DEFAULT 0,
    station    TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    kind       TEXT    NOT NULL DEFAULT '',
    permohonan TEXT    NOT NULL DEFAULT '',
    ticket     TEXT    NOT NULL DEFAULT '',
    corrects   INTEGER NOT NULL DEFAULT 0,
    detail     TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
    book       INTEGER NOT NULL DEFAULT 0 CHECK (book IN (0, 1)),
    prev       BLOB    NOT NULL DEFAULT x'',
    hash       BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE rematch (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    part       TEXT    NOT NULL DEFAULT '',
    score      REAL    NOT NULL DEFAULT 0,
    threshold  REAL    NOT NULL DEFAULT 0,
    matched    INTEGER NOT NULL DEFAULT 0 CHECK (matched IN (0, 1)),
    algorithm  TEXT    NOT NULL DEFAULT '',
    device     TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(device)),
    taken_at   INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT '',
    image      BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE resident (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    extract INTEGER NOT NULL REFERENCES resident_extract (id),
    nik     TEXT    NOT NULL DEFAULT '',
    kk      TEXT    NOT NULL DEFAULT '',
    name    TEXT    NOT NULL DEFAULT '',
    data    TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(data))
) STRICT;
CREATE TABLE resident_extract (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    wilayah     TEXT    NOT NULL DEFAULT '' UNIQUE,
    taken_at    TEXT    NOT NULL DEFAULT '',
    count       INTEGER NOT NULL DEFAULT 0,
    sha256      BLOB    NOT NULL DEFAULT x'',
    signer      TEXT    NOT NULL DEFAULT '',
    imported_at INTEGER NOT NULL DEFAULT 0
, version INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE resident_index (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    generation INTEGER NOT NULL DEFAULT 0,
    words      BLOB    NOT NULL DEFAULT x'',
    postings   BLOB    NOT NULL DEFAULT x'',
    rows       BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE sample (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    attempt    TEXT    NOT NULL DEFAULT '',
    modality   TEXT    NOT NULL CHECK (modality IN ('portrait', 'fingers', 'irises')),
    part       TEXT    NOT NULL DEFAULT '',
    seq        INTEGER NOT NULL DEFAULT 0,
    chosen     INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1)),
    quality    TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(quality)),
    device     TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(device)),
    taken_at   INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT '',
    evidence   BLOB    NOT NULL DEFAULT x'',
    UNIQUE (permohonan, modality, part, seq)
) STRICT;
CREATE TABLE sample_image (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    sample     INTEGER NOT NULL REFERENCES sample (id),
    part       TEXT    NOT NULL DEFAULT '',
    media_type TEXT    NOT NULL DEFAULT '',
    image      BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE sequence (
    name TEXT    NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL DEFAULT 0 CHECK (last >= 0)
) STRICT;
CREATE TABLE setting (
    name       TEXT    NOT NULL PRIMARY KEY,
    value      TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(value)),
    changed_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE signature (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    kind       TEXT    NOT NULL DEFAULT 'signature' CHECK (kind IN ('signature', 'line', 'thumbprint')),
    strokes    TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(strokes)),
    device     TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(device)),
    digest     BLOB    NOT NULL DEFAULT x'',
    signed_at  INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT '',
    media_type TEXT    NOT NULL DEFAULT '',
    image      BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TABLE step_time (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    step       TEXT    NOT NULL DEFAULT '',
    entered_at INTEGER NOT NULL DEFAULT 0,
    left_at    INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE sync_cursor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    cursor   TEXT    NOT NULL DEFAULT '0',
    moved_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE sync_finding (
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL DEFAULT '',
    found_at INTEGER NOT NULL DEFAULT 0,
    seen_at  INTEGER NOT NULL DEFAULT 0,
    over_at  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, subject)
) STRICT;
CREATE TABLE sync_run (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    began_at INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER NOT NULL DEFAULT 0,
    path     TEXT    NOT NULL CHECK (path IN ('network', 'courier')),
    cause    TEXT    NOT NULL DEFAULT '',
    packets  INTEGER NOT NULL DEFAULT 0,
    bytes    INTEGER NOT NULL DEFAULT 0,
    changes  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE ticket_counter (
    day  TEXT    NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL DEFAULT 0 CHECK (last >= 0)
) STRICT;
CREATE TABLE verification (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('difference', 'warning', 'answer')),
    unsur      TEXT    NOT NULL DEFAULT '',
    found      TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(found)),
    decision   TEXT    NOT NULL DEFAULT '',
    reason     TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    decided_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TRIGGER central_notice_no_delete BEFORE DELETE ON central_notice
    BEGIN SELECT RAISE(ABORT, 'central_notice is append-only'); END;
CREATE TRIGGER central_notice_no_update BEFORE UPDATE ON central_notice
    BEGIN SELECT RAISE(ABORT, 'central_notice is append-only'); END;
CREATE TRIGGER central_status_no_delete BEFORE DELETE ON central_status
    BEGIN SELECT RAISE(ABORT, 'central_status is append-only'); END;
CREATE TRIGGER central_status_no_update BEFORE UPDATE ON central_status
    BEGIN SELECT RAISE(ABORT, 'central_status is append-only'); END;
CREATE TRIGGER isian_riwayat_no_delete BEFORE DELETE ON isian_riwayat
    BEGIN SELECT RAISE(ABORT, 'isian_riwayat is append-only'); END;
CREATE TRIGGER isian_riwayat_no_update BEFORE UPDATE ON isian_riwayat
    BEGIN SELECT RAISE(ABORT, 'isian_riwayat is append-only'); END;
CREATE TRIGGER meta_is_final BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'meta is final'); END;
CREATE TRIGGER meta_stays BEFORE DELETE ON meta BEGIN SELECT RAISE(ABORT, 'meta is final'); END;
CREATE TRIGGER outbox_keeps BEFORE DELETE ON outbox WHEN old.state <> 'acked'
    BEGIN SELECT RAISE(ABORT, 'no receipt'); END;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt
    BEGIN SELECT RAISE(ABORT, 'receipts are kept'); END;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt
    BEGIN SELECT RAISE(ABORT, 'receipts are kept'); END;
CREATE TRIGGER register_no_delete BEFORE DELETE ON register
    BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
CREATE TRIGGER register_no_update BEFORE UPDATE ON register
    BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
