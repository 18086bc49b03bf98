-- The first tables: the journal, and the call records folded from it. See ../schema.sql for what they mean.

CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    PRIMARY KEY (version)
);

CREATE TABLE call_event (
    call_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    at TEXT NOT NULL,
    monotonic_ns BIGINT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (call_id, seq)
);

CREATE TABLE open_call (
    call_id TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    PRIMARY KEY (call_id)
);

CREATE TABLE call (
    call_id TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    answered_at TEXT,
    ended_at TEXT NOT NULL,
    dialled TEXT NOT NULL,
    caller TEXT,
    call_time TEXT NOT NULL,
    sip_call_id TEXT,
    channel TEXT NOT NULL,
    node TEXT NOT NULL,
    revision TEXT NOT NULL,
    language TEXT,
    site TEXT,
    department TEXT,
    disposition TEXT NOT NULL,
    ended_by TEXT NOT NULL,
    hangup_cause INTEGER,
    error TEXT,
    wait_seconds DOUBLE PRECISION,
    talk_seconds DOUBLE PRECISION,
    queue TEXT,
    agent TEXT,
    test BOOLEAN NOT NULL,
    PRIMARY KEY (call_id)
);
CREATE INDEX call_by_arrival ON call (arrived_at);
CREATE INDEX call_by_sip_call_id ON call (sip_call_id);

CREATE TABLE queue_visit (
    call_id TEXT NOT NULL,
    visit INTEGER NOT NULL,
    queue TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    wait_seconds DOUBLE PRECISION,
    agent TEXT,
    offers INTEGER NOT NULL,
    PRIMARY KEY (call_id, visit),
    FOREIGN KEY (call_id) REFERENCES call (call_id)
);

CREATE TABLE message (
    call_id TEXT NOT NULL,
    message INTEGER NOT NULL,
    voicemail TEXT NOT NULL,
    file TEXT NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (call_id, message),
    FOREIGN KEY (call_id) REFERENCES call (call_id)
);
