-- Who changed the rules in force, when and why; and what was closed by hand. See ../schema.sql for what they mean.

CREATE TABLE rules_change (
    change_id TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    how TEXT NOT NULL,
    author TEXT NOT NULL,
    why TEXT NOT NULL,
    revision TEXT NOT NULL,
    file TEXT NOT NULL,
    state TEXT NOT NULL,
    settled_at TEXT,
    reason TEXT,
    PRIMARY KEY (change_id)
);
CREATE INDEX rules_change_by_state ON rules_change (state);

CREATE TABLE override (
    override_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    say TEXT,
    why TEXT NOT NULL,
    author TEXT NOT NULL,
    set_at TEXT NOT NULL,
    until TEXT NOT NULL,
    lifted_at TEXT,
    lifted_by TEXT,
    PRIMARY KEY (override_id)
);
CREATE INDEX override_by_end ON override (until);
