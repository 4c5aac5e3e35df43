-- The signed text of the code on a slip.
--
-- Why this shape: a slip is set again for the roll, and its code must be the one on the paper that is kept: a seal that is made anew
-- names the station's key of today beside the day of then, and whoever checks it calls it out of time. Empty on what an earlier
-- program gave: its code is made anew as before.
ALTER TABLE document ADD COLUMN code TEXT NOT NULL DEFAULT '';
