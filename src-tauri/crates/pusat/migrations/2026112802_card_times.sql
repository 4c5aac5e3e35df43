-- When the last step of a card happened, by the station's clock and never later than it was told: reports of one person's
-- cards may come weeks late and in any order. Without a value the time of the report counts.

ALTER TABLE credential ADD COLUMN happened_ms bigint;
