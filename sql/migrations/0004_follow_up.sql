-- Callers who gave up and whom somebody has seen to since. See ../schema.sql for what they mean.

CREATE TABLE follow_up (
    follow_up_id TEXT NOT NULL,
    caller TEXT NOT NULL,
    at TEXT NOT NULL,
    author TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (follow_up_id)
);
CREATE INDEX follow_up_by_time ON follow_up (at);
