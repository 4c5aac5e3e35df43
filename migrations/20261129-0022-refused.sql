-- When the centre itself refused a packet for good, UTC milliseconds; 0: it did not.
--
-- Why this shape: the pictures of a visit that is over go a while after the centre's word on its packet. A receipt has its own time;
-- a refusal had none. A packet that is held up by this disk, or by a person, was not refused by the centre: 0, and its pictures stay.
-- Of a packet that was refused before this, the next attempt's time is the refusal's, at most a quarter of an hour later.
ALTER TABLE outbox ADD COLUMN refused_at INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET refused_at = next_at WHERE state = 'refused' AND (cause LIKE 'refused:%' OR cause = 'sequence_conflict');
