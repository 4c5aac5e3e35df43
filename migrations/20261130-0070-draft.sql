-- Words that are typed for a deed that nobody has confirmed yet.
--
-- Why this shape: a reason or a note is written before it is sent, and the power may be cut in between. It is kept as it is typed and
-- goes with the deed, or with the step or the visit that it was written in: one row for each thing that is asked, none once it is
-- empty. It is bookkeeping, no deed: what was said stands in the register once somebody has said it.
CREATE TABLE draft (
    permohonan TEXT    NOT NULL REFERENCES permohonan (id),
    what       TEXT    NOT NULL CHECK (what <> ''),
    about      TEXT    NOT NULL DEFAULT '',
    words      TEXT    NOT NULL CHECK (words <> ''),
    saved_at   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (permohonan, what, about)
) STRICT;
