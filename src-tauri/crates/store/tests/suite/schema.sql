CREATE INDEX blangko_account ON blangko (account, serial);
CREATE INDEX blangko_item ON blangko (item, account, serial);
CREATE INDEX blangko_of ON blangko (permohonan) WHERE permohonan <> '';
CREATE INDEX card_job_closed ON card_job (closed_at);
CREATE INDEX card_job_of ON card_job (permohonan);
CREATE UNIQUE INDEX card_job_one_for_blangko ON card_job (blangko) WHERE state <> 'closed';
CREATE UNIQUE INDEX card_job_one_for_visit ON card_job (permohonan) WHERE state <> 'closed';
CREATE INDEX card_report_waiting ON card_report (id) WHERE state = 'waiting';
CREATE INDEX central_status_of ON central_status (nik, as_of);
CREATE UNIQUE INDEX central_status_once ON central_status (packet, as_of, status, detail) WHERE packet <> '';
CREATE INDEX chip_write_of ON chip_write (permohonan);
CREATE UNIQUE INDEX chip_write_open ON chip_write (blangko) WHERE state IN ('writing', 'torn');
CREATE INDEX correction_follow_up ON correction (follow_up) WHERE follow_up <> '';
CREATE INDEX correction_open ON correction (noted_at) WHERE closed_at = 0;
CREATE INDEX document_number ON document (upper(trim(number))) WHERE number <> '';
CREATE INDEX document_of ON document (permohonan);
CREATE INDEX exception_at ON exception (recorded_at);
CREATE UNIQUE INDEX exception_standing ON exception (permohonan, modality, part) WHERE withdrawn_at = 0;
CREATE INDEX handover_try_of ON handover_try (permohonan);
CREATE INDEX isian_riwayat_of ON isian_riwayat (permohonan, unsur);
CREATE INDEX packet_of ON packet (permohonan);
CREATE INDEX packet_sealed ON packet (sealed_at);
CREATE INDEX permohonan_nik ON permohonan (nik);
CREATE INDEX permohonan_opened ON permohonan (opened_at);
CREATE INDEX permohonan_queue ON permohonan (status, priority DESC, opened_at);
CREATE INDEX print_attempt_open ON print_attempt (paper) WHERE ended_at = 0;
CREATE INDEX print_queue_order ON print_queue (state, priority DESC, joined_at);
CREATE INDEX printer_order_held ON printer_order (sent_at) WHERE let_go_at = 0;
CREATE INDEX register_book ON register (seq, at, permohonan) WHERE book = 1;
CREATE INDEX register_book_at ON register (at) WHERE book = 1;
CREATE INDEX register_of ON register (permohonan);
CREATE INDEX rematch_of ON rematch (permohonan);
CREATE INDEX resident_extract_of ON resident (extract);
CREATE INDEX resident_kk ON resident (kk);
CREATE INDEX resident_nik ON resident (nik);
CREATE INDEX sample_at ON sample (taken_at);
CREATE UNIQUE INDEX sample_chosen ON sample (permohonan, modality, part) WHERE chosen = 1;
CREATE INDEX sample_image_of ON sample_image (sample);
CREATE INDEX shelf_waiting ON shelf (since) WHERE left_at = 0;
CREATE INDEX signature_of ON signature (permohonan);
CREATE INDEX spoiled_blangko_at ON spoiled_blangko (spoiled_at);
CREATE INDEX step_time_entered ON step_time (entered_at);
CREATE INDEX step_time_of ON step_time (permohonan);
CREATE INDEX stock_movement_at ON stock_movement (item, at);
CREATE INDEX verification_of ON verification (permohonan);
CREATE UNIQUE INDEX withdrawn_card_waiting ON withdrawn_card (permohonan) WHERE berita_acara IS NULL;
CREATE TABLE berita_acara (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    number    TEXT    NOT NULL UNIQUE CHECK (number <> ''),
    at        INTEGER NOT NULL DEFAULT 0,
    witnesses TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(witnesses)),
    method    TEXT    NOT NULL DEFAULT '',
    place     TEXT    NOT NULL DEFAULT '',
    pieces    INTEGER NOT NULL DEFAULT 0 CHECK (pieces > 0),
    document  INTEGER NOT NULL DEFAULT 0,
    operator  TEXT    NOT NULL DEFAULT ''
) STRICT;
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
CREATE TABLE blangko (
    serial      TEXT    NOT NULL PRIMARY KEY CHECK (serial <> ''),
    item        TEXT    NOT NULL DEFAULT 'blangko' CHECK (item IN ('blangko', 'blangko_wna')),
    account     TEXT    NOT NULL CHECK (account IN ('store', 'printer', 'held', 'used', 'spoiled', 'destroyed', 'returned',
                    'missing', 'aside')),
    permohonan  TEXT    NOT NULL DEFAULT '',
    movement    INTEGER NOT NULL REFERENCES stock_movement (id),
    received_at INTEGER NOT NULL DEFAULT 0,
    moved_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE card_data (
    permohonan     TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    source         TEXT    NOT NULL DEFAULT '',
    as_of          INTEGER NOT NULL DEFAULT 0,
    fetched_at     INTEGER NOT NULL DEFAULT 0,
    biodata        TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(biodata)),
    portrait_type  TEXT    NOT NULL DEFAULT '',
    portrait       BLOB    NOT NULL DEFAULT x'',
    signature_type TEXT    NOT NULL DEFAULT '',
    signature      BLOB    NOT NULL DEFAULT x''
, job TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE card_finger (
    permohonan TEXT    NOT NULL REFERENCES card_data (permohonan),
    finger     INTEGER NOT NULL CHECK (finger BETWEEN 1 AND 10),
    format     TEXT    NOT NULL DEFAULT '',
    template   BLOB    NOT NULL CHECK (length(template) > 0),
    PRIMARY KEY (permohonan, finger)
) STRICT;
CREATE TABLE "card_job" (
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
    closed_at   INTEGER NOT NULL DEFAULT 0, seen TEXT NOT NULL DEFAULT ''
    CHECK (seen IN ('', 'started', 'reported_done', 'stopped', 'unknown')),
    CHECK ((state = 'closed') = (outcome <> ''))
) STRICT;
CREATE TABLE "card_report" (
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
    settled_at INTEGER NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '',
    UNIQUE (job, kind, serial)
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
CREATE TABLE chip_write (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    blangko    TEXT    NOT NULL REFERENCES blangko (serial),
    uid        TEXT    NOT NULL DEFAULT '',
    profile    TEXT    NOT NULL DEFAULT '',
    digest     BLOB    NOT NULL DEFAULT x'',
    total      INTEGER NOT NULL CHECK (total > 0),
    doing      INTEGER NOT NULL DEFAULT 0,
    done       INTEGER NOT NULL DEFAULT 0 CHECK (done BETWEEN 0 AND total),
    state      TEXT    NOT NULL CHECK (state IN ('writing', 'torn', 'verified', 'void')),
    cause      TEXT    NOT NULL DEFAULT '',
    log        BLOB    NOT NULL DEFAULT x'',
    begun_at   INTEGER NOT NULL DEFAULT 0,
    ended_at   INTEGER NOT NULL DEFAULT 0, ending TEXT NOT NULL DEFAULT 'none' CHECK (ending IN ('none', 'owed', 'begun', 'done')), ending_cause TEXT NOT NULL DEFAULT '', ending_at INTEGER NOT NULL DEFAULT 0,
    CHECK (doing BETWEEN 0 AND total),
    CHECK (state <> 'verified' OR (done = total AND doing = 0))
) STRICT;
CREATE TABLE correction (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    note       TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    noted_at   INTEGER NOT NULL DEFAULT 0,
    follow_up  TEXT    NOT NULL DEFAULT '',
    closed_at  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE delivered (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32)
) STRICT;
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
, until TEXT NOT NULL DEFAULT '', said TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE document_print (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    document   INTEGER NOT NULL REFERENCES document (id),
    copy       INTEGER NOT NULL CHECK (copy >= 1),
    printed_at INTEGER NOT NULL DEFAULT 0,
    printer    TEXT    NOT NULL DEFAULT '',
    reason     TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    UNIQUE (document, copy),
    CHECK (copy = 1 OR reason <> '')
) STRICT;
CREATE TABLE draft (
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    what       TEXT    NOT NULL CHECK (what <> ''),
    about      TEXT    NOT NULL DEFAULT '',
    words      TEXT    NOT NULL CHECK (words <> ''),
    saved_at   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (permohonan, what, about)
) STRICT;
CREATE TABLE duplicate_check (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    captures   TEXT    NOT NULL,
    found      TEXT    NOT NULL DEFAULT '[]',
    checked_at INTEGER NOT NULL
, nik TEXT NOT NULL DEFAULT '') STRICT;
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
CREATE TABLE handover (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    collector  TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(collector)),
    receipt    INTEGER NOT NULL DEFAULT 0,
    chip_uid   TEXT    NOT NULL DEFAULT '',
    media_type TEXT    NOT NULL DEFAULT '',
    chip_photo BLOB    NOT NULL DEFAULT x'',
    handed_at  INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE handover_try (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    finger     TEXT    NOT NULL DEFAULT '',
    score      INTEGER NOT NULL DEFAULT 0,
    threshold  INTEGER NOT NULL DEFAULT 0,
    matched    INTEGER NOT NULL DEFAULT 0 CHECK (matched IN (0, 1)),
    device     TEXT    NOT NULL DEFAULT 'null' CHECK (json_valid(device)),
    tried_at   INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT '',
    media_type TEXT    NOT NULL DEFAULT '',
    image      BLOB    NOT NULL DEFAULT x''
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
    receipt  BLOB    NOT NULL DEFAULT x'', wait_ms INTEGER NOT NULL DEFAULT 0, refused_at INTEGER NOT NULL DEFAULT 0,
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
CREATE TABLE permit (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    counts_from INTEGER NOT NULL
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
, open_part TEXT NOT NULL DEFAULT '' CHECK (open_part IN ('', 'portrait', 'fingers', 'irises', 'signature', 'rematch'))) STRICT;
CREATE VIRTUAL TABLE permohonan_fts USING fts5 (
    words, content = 'permohonan_search', content_rowid = 'id', tokenize = 'trigram', detail = 'full');
CREATE TABLE 'permohonan_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'permohonan_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'permohonan_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE 'permohonan_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE permohonan_search (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL UNIQUE REFERENCES permohonan (id),
    words      TEXT    NOT NULL DEFAULT ''
) STRICT;
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
CREATE TABLE print_queue (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    state      TEXT    NOT NULL CHECK (state IN ('held', 'waiting', 'left')),
    priority   INTEGER NOT NULL DEFAULT 0,
    reason     TEXT    NOT NULL DEFAULT '',
    not_before TEXT    NOT NULL DEFAULT '',
    joined_at  INTEGER NOT NULL DEFAULT 0,
    moved_at   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE printer_order (
    id        TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    kind      TEXT    NOT NULL CHECK (kind IN ('card', 'test')),
    device    TEXT    NOT NULL DEFAULT '',
    sent_at   INTEGER NOT NULL DEFAULT 0,
    let_go_at INTEGER NOT NULL DEFAULT 0
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
CREATE VIRTUAL TABLE register_fts USING fts5 (
    words, content = 'register_search', content_rowid = 'seq', tokenize = 'trigram', detail = 'full');
CREATE TABLE 'register_fts_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE 'register_fts_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'register_fts_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
CREATE TABLE 'register_fts_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE register_search (
    seq   INTEGER PRIMARY KEY,
    words TEXT    NOT NULL DEFAULT ''
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
CREATE TABLE search_rule (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    rule INTEGER NOT NULL DEFAULT 0
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
CREATE TABLE shelf (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    place      TEXT    NOT NULL CHECK (place <> ''),
    since      INTEGER NOT NULL DEFAULT 0,
    placed_at  INTEGER NOT NULL DEFAULT 0,
    left_at    INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT ''
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
CREATE TABLE spoiled_blangko (
    serial       TEXT    NOT NULL PRIMARY KEY REFERENCES blangko (serial),
    permohonan   TEXT    NOT NULL DEFAULT '',
    reason       TEXT    NOT NULL CHECK (reason <> ''),
    note         TEXT    NOT NULL DEFAULT '',
    witness      TEXT    NOT NULL CHECK (json_valid(witness)),
    spoiled_at   INTEGER NOT NULL DEFAULT 0,
    operator     TEXT    NOT NULL DEFAULT '',
    register_row INTEGER NOT NULL DEFAULT 0,
    berita_acara INTEGER REFERENCES berita_acara (id),
    media_type   TEXT    NOT NULL DEFAULT '',
    photo        BLOB    NOT NULL DEFAULT x''
, photo_note TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE step_time (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    step       TEXT    NOT NULL DEFAULT '',
    entered_at INTEGER NOT NULL DEFAULT 0,
    left_at    INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE "stock_allotment" (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL DEFAULT 0,
    item     TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    document TEXT    NOT NULL DEFAULT '',
    note     TEXT    NOT NULL DEFAULT '',
    operator TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE "stock_balance" (
    item     TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    account  TEXT    NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0 CHECK (quantity >= 0 OR account = 'supplier'),
    PRIMARY KEY (item, account)
) STRICT;
CREATE TABLE "stock_count" (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL DEFAULT 0,
    item        TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    booked      INTEGER NOT NULL DEFAULT 0,
    counted     INTEGER NOT NULL DEFAULT 0 CHECK (counted >= 0),
    difference  TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(difference)),
    explanation TEXT    NOT NULL DEFAULT '',
    operator    TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE stock_movement (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL DEFAULT 0,
    item       TEXT    NOT NULL CHECK (item IN ('blangko', 'blangko_wna', 'ribbon', 'film')),
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    source     TEXT    NOT NULL CHECK (source IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing', 'aside')),
    target     TEXT    NOT NULL CHECK (target IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing', 'aside')),
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    first      TEXT    NOT NULL DEFAULT '',
    last       TEXT    NOT NULL DEFAULT '',
    permohonan TEXT    NOT NULL DEFAULT '',
    document   TEXT    NOT NULL DEFAULT '',
    note       TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    CHECK (source <> target),
    CHECK ((item IN ('blangko', 'blangko_wna')) = (first <> '' AND last <> ''))
) STRICT;
CREATE TABLE sync_cursor (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    cursor   TEXT    NOT NULL DEFAULT '0',
    moved_at INTEGER NOT NULL DEFAULT 0
, whole_at INTEGER NOT NULL DEFAULT 0) STRICT;
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
CREATE TABLE "withdrawn_card" (
    permohonan   TEXT    NOT NULL REFERENCES permohonan (id),
    running      INTEGER NOT NULL DEFAULT 1 CHECK (running > 0),
    condition    TEXT    NOT NULL CHECK (condition <> ''),
    place        TEXT    NOT NULL CHECK (place <> ''),
    withdrawn_at INTEGER NOT NULL DEFAULT 0,
    operator     TEXT    NOT NULL DEFAULT '',
    register_row INTEGER NOT NULL DEFAULT 0,
    berita_acara INTEGER REFERENCES berita_acara (id),
    PRIMARY KEY (permohonan, running)
) STRICT;
CREATE TRIGGER berita_acara_stays BEFORE DELETE ON berita_acara
    BEGIN SELECT RAISE(ABORT, 'a Berita Acara stays'); END;
CREATE TRIGGER blangko_keeps_its_kind BEFORE UPDATE ON blangko WHEN new.item <> old.item
    BEGIN SELECT RAISE(ABORT, 'a blangko is of one kind'); END;
CREATE TRIGGER blangko_stays BEFORE DELETE ON blangko BEGIN SELECT RAISE(ABORT, 'a blangko stays accounted for'); END;
CREATE TRIGGER central_notice_no_delete BEFORE DELETE ON central_notice
    BEGIN SELECT RAISE(ABORT, 'central_notice is append-only'); END;
CREATE TRIGGER central_notice_no_update BEFORE UPDATE ON central_notice
    BEGIN SELECT RAISE(ABORT, 'central_notice is append-only'); END;
CREATE TRIGGER central_status_no_delete BEFORE DELETE ON central_status
    BEGIN SELECT RAISE(ABORT, 'central_status is append-only'); END;
CREATE TRIGGER central_status_no_update BEFORE UPDATE ON central_status
    BEGIN SELECT RAISE(ABORT, 'central_status is append-only'); END;
CREATE TRIGGER delivered_stays BEFORE DELETE ON delivered
    BEGIN SELECT RAISE(ABORT, 'a record that was delivered stays known'); END;
CREATE TRIGGER destruction_photo_signed BEFORE UPDATE ON destruction_photo WHEN old.document <> 0
    BEGIN SELECT RAISE(ABORT, 'the photograph of a destruction is signed off'); END;
CREATE TRIGGER destruction_photo_stays BEFORE DELETE ON destruction_photo
    BEGIN SELECT RAISE(ABORT, 'the photograph of a destruction stays'); END;
CREATE TRIGGER isian_riwayat_no_delete BEFORE DELETE ON isian_riwayat
    BEGIN SELECT RAISE(ABORT, 'isian_riwayat is append-only'); END;
CREATE TRIGGER isian_riwayat_no_update BEFORE UPDATE ON isian_riwayat
    BEGIN SELECT RAISE(ABORT, 'isian_riwayat is append-only'); END;
CREATE TRIGGER meta_is_final BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'meta is final'); END;
CREATE TRIGGER meta_stays BEFORE DELETE ON meta BEGIN SELECT RAISE(ABORT, 'meta is final'); END;
CREATE TRIGGER outbox_keeps BEFORE DELETE ON outbox WHEN old.state <> 'acked'
    BEGIN SELECT RAISE(ABORT, 'no receipt'); END;
CREATE TRIGGER permohonan_search_change AFTER UPDATE ON permohonan_search
    BEGIN
        INSERT INTO permohonan_fts (permohonan_fts, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO permohonan_fts (rowid, words) VALUES (new.id, new.words);
    END;
CREATE TRIGGER permohonan_search_in AFTER INSERT ON permohonan_search
    BEGIN INSERT INTO permohonan_fts (rowid, words) VALUES (new.id, new.words); END;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt
    BEGIN SELECT RAISE(ABORT, 'receipts are kept'); END;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt
    BEGIN SELECT RAISE(ABORT, 'receipts are kept'); END;
CREATE TRIGGER register_no_delete BEFORE DELETE ON register
    BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
CREATE TRIGGER register_no_update BEFORE UPDATE ON register
    BEGIN SELECT RAISE(ABORT, 'register is append-only'); END;
CREATE TRIGGER register_search_in AFTER INSERT ON register_search
    BEGIN INSERT INTO register_fts (rowid, words) VALUES (new.seq, new.words); END;
CREATE TRIGGER spoiled_blangko_stays BEFORE DELETE ON spoiled_blangko
    BEGIN SELECT RAISE(ABORT, 'a spoiled piece stays accounted for'); END;
CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count
    BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_count_no_update BEFORE UPDATE ON stock_count
    BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_movement_no_delete BEFORE DELETE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END;
CREATE TRIGGER stock_movement_no_update BEFORE UPDATE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END;
CREATE TRIGGER withdrawn_card_stays BEFORE DELETE ON withdrawn_card
    BEGIN SELECT RAISE(ABORT, 'a withdrawn card stays accounted for'); END;
