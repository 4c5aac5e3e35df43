-- Why this shape: what the centre gave out for a card belongs to the request it was given for. After a dispute the visit asks
-- anew, and the next card is not made of the data before. A row of before belongs to the request that had been made when it
-- came. Of a paper is kept what cannot be said again later: the last day of a Suket, which the office's setting of today does
-- not move, and the sentence of a Tanda Pengambilan, which the stock of today does not change. Empty: nobody kept it.

ALTER TABLE card_data ADD COLUMN job TEXT NOT NULL DEFAULT '';
UPDATE card_data SET job = coalesce((
    SELECT r.job FROM card_report r
    WHERE r.permohonan = card_data.permohonan AND r.kind = 'requested' AND r.happened <= card_data.fetched_at
    ORDER BY r.id DESC LIMIT 1), '');

ALTER TABLE document ADD COLUMN until TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN said TEXT NOT NULL DEFAULT '';
