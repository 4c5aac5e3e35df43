-- The cards of one record and of one person are looked for at every word about the record and at every report of a card;
-- without these the whole table was read each time.

CREATE INDEX credential_enrolment ON credential (enrolment);
CREATE INDEX credential_nik ON credential (nik);
