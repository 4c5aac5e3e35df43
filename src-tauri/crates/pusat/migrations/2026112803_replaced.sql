-- A station whose disk was lost begins a new register under its old code. The one before is closed, and what it was stays:
-- its packets lie below the first sequence number of the next register, and each is held against its own register alone.

ALTER TABLE station ADD COLUMN activation_replaces text NOT NULL DEFAULT '';  -- why a new register may begin; empty: none may

CREATE TABLE station_register (
    station text NOT NULL REFERENCES station,
    generation integer NOT NULL CHECK (generation > 0),
    first_sequence bigint NOT NULL,              -- of its packets; the next register's is above all of them
    first_hash text NOT NULL DEFAULT '',         -- hash of its row 1, hex; empty until the station says it
    opened_ms bigint NOT NULL,
    reason text NOT NULL DEFAULT '',             -- why the one before was closed; empty for the first one
    PRIMARY KEY (station, generation)
);

INSERT INTO station_register (station, generation, first_sequence, opened_ms)
SELECT code, 1, first_sequence, added_ms FROM station;
