-- A place in the Buku Register is found without reading the lines before it.
--
-- Why this shape: the page jumps to any place of a period or of a search, so the index over the lines of the book also holds
-- what such a question looks at, time and visit: lines are then passed over in it alone, some hundred to a page. Only an index
-- changes; an older program uses it as it used the one before.

DROP INDEX register_book;
CREATE INDEX register_book ON register (seq, at, permohonan) WHERE book = 1;
