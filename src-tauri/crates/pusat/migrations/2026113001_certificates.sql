-- Each certificate that a station was given, also of a computer that is gone: whoever checks the codes on its papers needs them.
-- They hold nothing secret. Of before, the present one alone is known.

CREATE TABLE station_certificate (
    station text NOT NULL REFERENCES station,
    serial text NOT NULL,
    certificate text NOT NULL,                   -- PEM
    issued_ms bigint NOT NULL,
    PRIMARY KEY (station, serial)
);
INSERT INTO station_certificate (station, serial, certificate, issued_ms)
SELECT code, serial, certificate, added_ms FROM station WHERE certificate <> '';
CREATE TRIGGER station_certificate_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON station_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION only_added_to();
