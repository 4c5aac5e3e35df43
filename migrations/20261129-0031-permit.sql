-- From when the permit to sign in without the centre counts.
--
-- Why this shape: the permit is one moment, that of the centre's last word, UTC milliseconds. It stood in a file beside the
-- database, where whoever has the computer could move or remove it. No row: this station was never activated, or an older
-- program was here last. No deed of anybody, so it is written by the door for bookkeeping.
CREATE TABLE permit (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    counts_from INTEGER NOT NULL
) STRICT;
