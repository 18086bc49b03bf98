-- What only a store on PostgreSQL has, beside the tables of schema.sql. Run by the server as often as it likes.

-- How far the journal of which home folder has come into this database: one row. It is written in the transaction of what it tells of.
CREATE TABLE IF NOT EXISTS shipped (
    home TEXT NOT NULL,           -- the home folder whose calls these are, by the id that lies in it
    n BIGINT NOT NULL,            -- the last change of that home's outbox that is in this database
    at TEXT NOT NULL,             -- when it was written
    whole BOOLEAN NOT NULL,       -- false while the database is being filled for the first time, or anew
    PRIMARY KEY (home)
);
-- A word that the home folder drew for that change: an older copy of it that went on by itself has another one under that number.
-- Only where it is lacking: ALTER TABLE would wait for whoever reads the table, for hours if that is a dump.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = 'shipped' AND column_name = 'proof'
    ) THEN
        ALTER TABLE shipped ADD COLUMN proof BIGINT;
    END IF;
    -- When the server of that home folder last said that it runs, by the clock of this database; empty: it has stopped.
    IF NOT EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = 'shipped' AND column_name = 'runs_at'
    ) THEN
        ALTER TABLE shipped ADD COLUMN runs_at TIMESTAMPTZ;
    END IF;
END $$;

-- The texts of all rules that were ever taken or planned: the files of a revision.
CREATE TABLE IF NOT EXISTS rules_text (
    revision TEXT COLLATE "C" NOT NULL, -- sha256 of the rules, as in rules_change
    name TEXT COLLATE "C" NOT NULL, -- the file's name, relative to the revision's folder
    content TEXT NOT NULL,        -- what it says
    PRIMARY KEY (revision, name)
);
