-- The way that a call took through the menus, and how many took it on each day. Of calls that have ended it is not known
-- until `ivr refold` has read the journal. See ../schema.sql for what it means.

ALTER TABLE call ADD COLUMN path TEXT;

CREATE TABLE path_day (
    day TEXT NOT NULL,
    path TEXT NOT NULL,
    disposition TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (day, path, disposition)
);
