-- Where the register's lines of a packet go on from: held against the packet before and the one after, whichever comes
-- first. Without a value: believed before packets carried their lines.

ALTER TABLE recording ADD COLUMN register_after_row bigint;
ALTER TABLE recording ADD COLUMN register_after_hash text;
