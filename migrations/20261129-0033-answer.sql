-- What the centre answered last to a report that waits.
--
-- Why this shape: the cause of a report is its newest attempt, and an attempt that finds no line says nothing of the request. That
-- another card of the person is under way holds until the centre says something else, so its word stands in a column of its own,
-- code and operand as in `cause`; empty before it spoke. Where a report waits for that word at the upgrade, the cause was it.
ALTER TABLE card_report ADD COLUMN answer TEXT NOT NULL DEFAULT '';
UPDATE card_report SET answer = cause
WHERE state = 'waiting' AND (cause LIKE 'card\_running%' ESCAPE '\' OR cause LIKE 'not\_ready%' ESCAPE '\');
