-- Search in the Buku Register and among visits.
--
-- Why this shape:
--  * a name or NIK stands in the visit, not in each line: one entry for a visit, however many lines it has, and one for
--    a line that has words of its own (blangko, number of a paper, reason);
--  * trigrams, because people ask for a piece of a NIK, of a number, of a name;
--  * the words are normalised by the program (case, apostrophes, composed letters), so the index is derived data: it is
--    built anew when the program's rule changes, is no part of the chain, and loses nothing when it is thrown away;
--  * a period is found by time without reading the lines.

CREATE TABLE search_rule (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    rule INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO search_rule (id, rule) VALUES (1, 0);

CREATE TABLE permohonan_search (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    permohonan TEXT    NOT NULL UNIQUE REFERENCES permohonan (id),
    words      TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE VIRTUAL TABLE permohonan_fts USING fts5 (
    words, content = 'permohonan_search', content_rowid = 'id', tokenize = 'trigram', detail = 'full');

CREATE TABLE register_search (
    seq   INTEGER PRIMARY KEY,
    words TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE VIRTUAL TABLE register_fts USING fts5 (
    words, content = 'register_search', content_rowid = 'seq', tokenize = 'trigram', detail = 'full');

CREATE TRIGGER permohonan_search_in AFTER INSERT ON permohonan_search
    BEGIN INSERT INTO permohonan_fts (rowid, words) VALUES (new.id, new.words); END;
CREATE TRIGGER permohonan_search_change AFTER UPDATE ON permohonan_search
    BEGIN
        INSERT INTO permohonan_fts (permohonan_fts, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO permohonan_fts (rowid, words) VALUES (new.id, new.words);
    END;
CREATE TRIGGER register_search_in AFTER INSERT ON register_search
    BEGIN INSERT INTO register_fts (rowid, words) VALUES (new.seq, new.words); END;

CREATE INDEX register_book_at ON register (at) WHERE book = 1;
CREATE INDEX step_time_entered ON step_time (entered_at);
CREATE INDEX permohonan_opened ON permohonan (opened_at);
CREATE INDEX exception_at ON exception (recorded_at);
CREATE INDEX sample_at ON sample (taken_at);
CREATE INDEX packet_sealed ON packet (sealed_at);
