-- For which queues agents were at what, by quarters of an hour. See ../schema.sql for what it means.

ALTER TABLE agent_change ADD COLUMN serves TEXT;
ALTER TABLE agent_change ADD COLUMN for_queue TEXT;

CREATE TABLE duty_quarter (
    queue TEXT NOT NULL,
    quarter TEXT NOT NULL,
    state TEXT NOT NULL,
    ms BIGINT NOT NULL,
    PRIMARY KEY (queue, quarter, state)
);
