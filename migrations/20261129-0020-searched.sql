-- The NIK that a search for the same fingers under other NIK was made for.
--
-- Why: "another NIK" is another one than the applicant's. Where only the NIK is corrected after the capture, the fingers are as they
-- were, and what was found beside the NIK of then says nothing beside the one of now. A search of before this is of no NIK: it is
-- made once more when its visit comes to step 4 again.
ALTER TABLE duplicate_check ADD COLUMN nik TEXT NOT NULL DEFAULT '';
