-- Calls of our phones to emergency numbers. See ../schema.sql for what they mean.

CREATE TABLE emergency_call (
    call TEXT NOT NULL,
    number TEXT NOT NULL,
    phone TEXT NOT NULL,
    began_at TEXT NOT NULL,
    site TEXT,
    shown TEXT,
    answered_at TEXT,
    ended_at TEXT,
    trunk TEXT,
    outcome TEXT,
    talk_seconds INTEGER,
    tries TEXT NOT NULL,
    PRIMARY KEY (call)
);
CREATE INDEX emergency_call_by_time ON emergency_call (began_at);
