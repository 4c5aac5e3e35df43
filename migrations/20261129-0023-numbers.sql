-- A paper's number is looked for without regard to small and capital letters.
--
-- Why this shape: a number is written as the office's pattern and the station's code write it, and some of those have small letters.
-- What is typed, and what a scanner types, may have either; so both sides are made capitals (A to Z, as the database does it),
-- and the index holds the number in that form.
DROP INDEX document_number;
CREATE INDEX document_number ON document (upper(trim(number))) WHERE number <> '';
