-- What agents did, and who wanted it. See ../schema.sql for what it means.

CREATE TABLE agent_change (
    agent TEXT NOT NULL,
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    before TEXT NOT NULL,
    state TEXT NOT NULL,
    author TEXT NOT NULL,
    why TEXT NOT NULL,
    reason TEXT,
    signed_in BOOLEAN NOT NULL,
    taken TEXT NOT NULL,
    left_queues TEXT NOT NULL,
    phone TEXT,
    queue TEXT,
    call_id TEXT,
    PRIMARY KEY (agent, seq)
);
CREATE INDEX agent_change_by_time ON agent_change (at);
