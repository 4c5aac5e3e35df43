-- Where a visit goes on after a power cut, and which records of a device were taken here before.
--
-- Why this shape: the part of step 4 that is open on the desk is where somebody looks and no deed, so it is a column that only
-- bookkeeping writes; empty where none is open. A scanner's service that outlives a power cut may deliver the picture of the
-- last person once more: the digest of every record that was taken stays, also when the picture itself is purged. It names
-- nobody, and no picture can be made of it.
ALTER TABLE permohonan ADD COLUMN open_part TEXT NOT NULL DEFAULT '' CHECK (open_part IN ('', 'portrait', 'fingers', 'irises', 'signature', 'rematch'));

CREATE TABLE delivered (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 BLOB    NOT NULL UNIQUE CHECK (length(sha256) = 32)
) STRICT;
CREATE TRIGGER delivered_stays BEFORE DELETE ON delivered
    BEGIN SELECT RAISE(ABORT, 'a record that was delivered stays known'); END;
