-- What was sent to a card printer, until it has let go of it.
--
-- Why this shape: an order whose card a person has decided about may still lie in a printer or its queue, and so may a test card,
-- which belongs to no visit and no blangko. So what was sent stands in a book of its own, with the printer it went to: another
-- printer that knows nothing of an order says nothing about it. let_go_at is 0 until the printer itself was heard; only then can
-- nothing more come of it. It is bookkeeping, no deed: who decided what about a card stands in card_job and the register.
-- seen is what the order's last state was when a person closed it: whether its printer had had its say by then.
-- Of the orders of an older program those are asked about that are open, and those of its last week that were called not printed.
CREATE TABLE printer_order (
    id        TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    kind      TEXT    NOT NULL CHECK (kind IN ('card', 'test')),
    device    TEXT    NOT NULL DEFAULT '',
    sent_at   INTEGER NOT NULL DEFAULT 0,
    let_go_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX printer_order_held ON printer_order (sent_at) WHERE let_go_at = 0;
INSERT INTO printer_order (id, kind, sent_at)
SELECT id, 'card', started_at FROM card_job
WHERE state <> 'closed'
   OR (outcome = 'not_printed' AND closed_at > (SELECT max(closed_at) FROM card_job) - 604800000);

ALTER TABLE card_job ADD COLUMN seen TEXT NOT NULL DEFAULT ''
    CHECK (seen IN ('', 'started', 'reported_done', 'stopped', 'unknown'));
-- What the older program had shown of an order that stopped is not told again as news.
UPDATE card_job SET seen = 'stopped'
WHERE state = 'closed' AND outcome = 'not_printed' AND reported_at > 0
  AND words NOT IN ('', 'print_cut_off', 'print_cut_off_done', 'printer_silent', 'printer_unfinished', 'printer_forgot',
                    'printer_no_evidence', 'printer_not_reported');
