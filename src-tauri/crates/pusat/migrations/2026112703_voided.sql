-- Cards that were voided after they were printed: each blank card once, whatever came of its request. Only ever added to.

CREATE TABLE voided_card (
    job uuid NOT NULL REFERENCES credential,
    serial text NOT NULL CHECK (serial <> ''),
    reason text NOT NULL,                        -- the station's word
    happened_ms bigint,                          -- by the station's clock
    at_ms bigint NOT NULL,
    PRIMARY KEY (job, serial)
);
CREATE TRIGGER voided_card_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON voided_card
    FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
