-- What callers answered who were asked after a talk, and what they answered on each day. See ../schema.sql for what it
-- means.

CREATE TABLE survey_reply (
    call_id TEXT NOT NULL,
    reply INTEGER NOT NULL,
    survey TEXT NOT NULL,
    queue TEXT NOT NULL,
    agent TEXT,
    asked_at TEXT NOT NULL,
    lowest INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    score INTEGER,
    PRIMARY KEY (call_id, reply),
    FOREIGN KEY (call_id) REFERENCES call (call_id)
);
CREATE INDEX survey_reply_by_time ON survey_reply (asked_at);

CREATE TABLE survey_day (
    day TEXT NOT NULL,
    queue TEXT NOT NULL,
    site TEXT NOT NULL,
    department TEXT NOT NULL,
    agent TEXT NOT NULL,
    survey TEXT NOT NULL,
    lowest INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    score_sum BIGINT NOT NULL,
    score_squares BIGINT NOT NULL,
    PRIMARY KEY (day, queue, site, department, agent, survey, lowest, highest)
);

CREATE VIEW kpi_survey AS
SELECT
    day, queue, site, department, agent, survey, lowest, highest, asked, answered, score_sum, score_squares,
    1.0 * score_sum / NULLIF(answered, 0) AS csat, 1.0 * answered / NULLIF(asked, 0) AS response_rate
FROM survey_day;
