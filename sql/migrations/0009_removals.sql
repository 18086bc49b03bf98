-- What is taken out of the store, and what of it is still to be done. See ../schema.sql for what they mean.

CREATE TABLE removal (
    removal_id TEXT NOT NULL,
    what TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    author TEXT NOT NULL,
    why TEXT NOT NULL,
    since TEXT NOT NULL,
    events INTEGER NOT NULL,
    numbers INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    files INTEGER NOT NULL,
    words INTEGER NOT NULL,
    done_at TEXT,
    under_way INTEGER NOT NULL,
    PRIMARY KEY (removal_id)
);

CREATE TABLE removal_call (
    removal_id TEXT NOT NULL,
    call_id TEXT NOT NULL,
    PRIMARY KEY (removal_id, call_id)
);

CREATE TABLE removal_file (
    file TEXT NOT NULL,
    removal_id TEXT NOT NULL,
    PRIMARY KEY (file)
);
