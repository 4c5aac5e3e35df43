-- What became of the chip of a spoiled card, and why a spoiled piece has no photograph.
--
-- Why this shape: the state of a chip's journal says how far writing came and is closed when the card is spoiled; that the chip
-- was made unusable happens later, perhaps never, so it stands beside the state and not in it. Both tables only gain columns:
-- an older program opens the file and passes over them.

ALTER TABLE chip_write ADD COLUMN ending TEXT NOT NULL DEFAULT 'none' CHECK (ending IN ('none', 'owed', 'begun', 'done'));
ALTER TABLE chip_write ADD COLUMN ending_cause TEXT NOT NULL DEFAULT '';
ALTER TABLE chip_write ADD COLUMN ending_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE spoiled_blangko ADD COLUMN photo_note TEXT NOT NULL DEFAULT '';

-- Chips of cards that were spoiled before and are not destroyed yet still live.
UPDATE chip_write SET ending = 'owed'
WHERE (done > 0 OR doing > 0) AND blangko IN (SELECT serial FROM spoiled_blangko WHERE berita_acara IS NULL);
