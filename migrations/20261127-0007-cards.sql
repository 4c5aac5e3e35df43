-- From the print request to the card in the hand: stock, queue, orders, chips, shelf, what the centre is told.
--
-- Why this shape:
--  * the stock is double-entry: a movement names the account that loses and the one that gains, and is never changed; the
--    balances and the place of each piece are kept beside it in the same transaction, so that a reader need not add up,
--    and a verification can add up and compare;
--  * no account but the supplier can go below zero, and a blangko stands in one row, so in one account;
--  * a chip's journal holds which piece is under way and which are done: a card torn out is known to the byte;
--  * what the law wants accounted for (spoiled pieces, old cards, counts, Berita Acara) is never deleted;
--  * an order to print is one row by its own id: a second click finds it.

CREATE TABLE stock_movement (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL DEFAULT 0,
    item       TEXT    NOT NULL CHECK (item IN ('blangko', 'ribbon', 'film')),
    kind       TEXT    NOT NULL CHECK (kind <> ''),
    source     TEXT    NOT NULL CHECK (source IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing')),
    target     TEXT    NOT NULL CHECK (target IN ('supplier', 'store', 'printer', 'held', 'used', 'spoiled', 'destroyed',
                   'returned', 'missing')),
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    first      TEXT    NOT NULL DEFAULT '',
    last       TEXT    NOT NULL DEFAULT '',
    permohonan TEXT    NOT NULL DEFAULT '',
    document   TEXT    NOT NULL DEFAULT '',
    note       TEXT    NOT NULL DEFAULT '',
    operator   TEXT    NOT NULL DEFAULT '',
    CHECK (source <> target),
    CHECK ((item = 'blangko') = (first <> '' AND last <> ''))
) STRICT;
CREATE INDEX stock_movement_at ON stock_movement (item, at);
CREATE TRIGGER stock_movement_no_update BEFORE UPDATE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END;
CREATE TRIGGER stock_movement_no_delete BEFORE DELETE ON stock_movement
    BEGIN SELECT RAISE(ABORT, 'stock_movement is append-only'); END;

CREATE TABLE stock_balance (
    item     TEXT    NOT NULL CHECK (item IN ('blangko', 'ribbon', 'film')),
    account  TEXT    NOT NULL,
    quantity INTEGER NOT NULL DEFAULT 0 CHECK (quantity >= 0 OR account = 'supplier'),
    PRIMARY KEY (item, account)
) STRICT;

CREATE TABLE blangko (
    serial      TEXT    NOT NULL PRIMARY KEY CHECK (serial <> ''),
    account     TEXT    NOT NULL CHECK (account IN ('store', 'printer', 'held', 'used', 'spoiled', 'destroyed', 'returned',
                    'missing')),
    permohonan  TEXT    NOT NULL DEFAULT '',
    movement    INTEGER NOT NULL REFERENCES stock_movement (id),
    received_at INTEGER NOT NULL DEFAULT 0,
    moved_at    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX blangko_account ON blangko (account, serial);
CREATE INDEX blangko_of ON blangko (permohonan) WHERE permohonan <> '';
CREATE TRIGGER blangko_stays BEFORE DELETE ON blangko BEGIN SELECT RAISE(ABORT, 'a blangko stays accounted for'); END;

-- A notice that pieces will come; nothing has arrived yet, so nothing moves.
CREATE TABLE stock_allotment (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL DEFAULT 0,
    item     TEXT    NOT NULL CHECK (item IN ('blangko', 'ribbon', 'film')),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    document TEXT    NOT NULL DEFAULT '',
    note     TEXT    NOT NULL DEFAULT '',
    operator TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE stock_count (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL DEFAULT 0,
    item        TEXT    NOT NULL CHECK (item IN ('blangko', 'ribbon', 'film')),
    booked      INTEGER NOT NULL DEFAULT 0,
    counted     INTEGER NOT NULL DEFAULT 0 CHECK (counted >= 0),
    difference  TEXT    NOT NULL DEFAULT '{}' CHECK (json_valid(difference)),
    explanation TEXT    NOT NULL DEFAULT '',
    operator    TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TRIGGER stock_count_no_update BEFORE UPDATE ON stock_count
    BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;
CREATE TRIGGER stock_count_no_delete BEFORE DELETE ON stock_count
    BEGIN SELECT RAISE(ABORT, 'stock_count is append-only'); END;

CREATE TABLE print_queue (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    state      TEXT    NOT NULL CHECK (state IN ('held', 'waiting', 'left')),
    priority   INTEGER NOT NULL DEFAULT 0,
    reason     TEXT    NOT NULL DEFAULT '',
    not_before TEXT    NOT NULL DEFAULT '',
    joined_at  INTEGER NOT NULL DEFAULT 0,
    moved_at   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX print_queue_order ON print_queue (state, priority DESC, joined_at);

CREATE TABLE card_job (
    id          TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    permohonan  TEXT    NOT NULL REFERENCES permohonan (id),
    blangko     TEXT    NOT NULL REFERENCES blangko (serial),
    printer     TEXT    NOT NULL DEFAULT '',
    state       TEXT    NOT NULL CHECK (state IN ('started', 'reported_done', 'stopped', 'unknown', 'closed')),
    outcome     TEXT    NOT NULL DEFAULT '' CHECK (outcome IN ('', 'printed', 'spoiled', 'not_printed')),
    words       TEXT    NOT NULL DEFAULT '',
    operator    TEXT    NOT NULL DEFAULT '',
    started_at  INTEGER NOT NULL DEFAULT 0,
    reported_at INTEGER NOT NULL DEFAULT 0,
    closed_at   INTEGER NOT NULL DEFAULT 0,
    CHECK ((state = 'closed') = (outcome <> ''))
) STRICT;
CREATE UNIQUE INDEX card_job_one_for_visit ON card_job (permohonan) WHERE state <> 'closed';
CREATE UNIQUE INDEX card_job_one_for_blangko ON card_job (blangko) WHERE state <> 'closed';
CREATE INDEX card_job_of ON card_job (permohonan);
CREATE INDEX card_job_closed ON card_job (closed_at);

-- `done` pieces are on the chip; `doing` is the one under way (0 for none). Pieces are counted from 1.
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
    ended_at   INTEGER NOT NULL DEFAULT 0,
    CHECK (doing BETWEEN 0 AND total),
    CHECK (state <> 'verified' OR (done = total AND doing = 0))
) STRICT;
CREATE UNIQUE INDEX chip_write_open ON chip_write (blangko) WHERE state IN ('writing', 'torn');
CREATE INDEX chip_write_of ON chip_write (permohonan);

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
CREATE TRIGGER berita_acara_stays BEFORE DELETE ON berita_acara
    BEGIN SELECT RAISE(ABORT, 'a Berita Acara stays'); END;

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
) STRICT;
CREATE INDEX spoiled_blangko_at ON spoiled_blangko (spoiled_at);
CREATE TRIGGER spoiled_blangko_stays BEFORE DELETE ON spoiled_blangko
    BEGIN SELECT RAISE(ABORT, 'a spoiled piece stays accounted for'); END;

CREATE TABLE withdrawn_card (
    permohonan   TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    condition    TEXT    NOT NULL CHECK (condition <> ''),
    place        TEXT    NOT NULL CHECK (place <> ''),
    withdrawn_at INTEGER NOT NULL DEFAULT 0,
    operator     TEXT    NOT NULL DEFAULT '',
    register_row INTEGER NOT NULL DEFAULT 0,
    berita_acara INTEGER REFERENCES berita_acara (id)
) STRICT;
CREATE TRIGGER withdrawn_card_stays BEFORE DELETE ON withdrawn_card
    BEGIN SELECT RAISE(ABORT, 'a withdrawn card stays accounted for'); END;

CREATE TABLE shelf (
    permohonan TEXT    NOT NULL PRIMARY KEY REFERENCES permohonan (id),
    place      TEXT    NOT NULL CHECK (place <> ''),
    since      INTEGER NOT NULL DEFAULT 0,
    placed_at  INTEGER NOT NULL DEFAULT 0,
    left_at    INTEGER NOT NULL DEFAULT 0,
    operator   TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX shelf_waiting ON shelf (since) WHERE left_at = 0;

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
CREATE INDEX handover_try_of ON handover_try (permohonan);

-- What the centre is to be told of a card, in order: requested, issued, active. Told in that order for each request.
CREATE TABLE card_report (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    job        TEXT    NOT NULL CHECK (job <> ''),
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    kind       TEXT    NOT NULL CHECK (kind IN ('requested', 'issued', 'active')),
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
    UNIQUE (job, kind)
) STRICT;
CREATE INDEX card_report_waiting ON card_report (id) WHERE state = 'waiting';

-- The centre's record for the card of a person who was recorded elsewhere.
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
) STRICT;
CREATE TABLE card_finger (
    permohonan TEXT    NOT NULL REFERENCES card_data (permohonan),
    finger     INTEGER NOT NULL CHECK (finger BETWEEN 1 AND 10),
    format     TEXT    NOT NULL DEFAULT '',
    template   BLOB    NOT NULL CHECK (length(template) > 0),
    PRIMARY KEY (permohonan, finger)
) STRICT;

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
CREATE INDEX document_number ON document (number) WHERE number <> '';
