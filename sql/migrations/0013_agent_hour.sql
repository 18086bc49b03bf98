-- How long agents were at what. See ../schema.sql for what it means.

CREATE TABLE agent_hour (
    hour TEXT NOT NULL,
    agent TEXT NOT NULL,
    state TEXT NOT NULL,
    ms BIGINT NOT NULL,
    PRIMARY KEY (hour, agent, state)
);
