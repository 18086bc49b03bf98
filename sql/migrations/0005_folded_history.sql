-- History folded by days, quarters of an hour and agents, and views for reports. See ../schema.sql for what they mean.

CREATE INDEX call_by_caller ON call (caller, department, arrived_at);

CREATE TABLE offer_day (
    day TEXT NOT NULL,
    queue TEXT NOT NULL,
    site TEXT NOT NULL,
    department TEXT NOT NULL,
    answered INTEGER NOT NULL,
    abandoned INTEGER NOT NULL,
    overflowed INTEGER NOT NULL,
    callback INTEGER NOT NULL,
    exit_key INTEGER NOT NULL,
    system_dropped INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    wait_ms BIGINT NOT NULL,
    talks INTEGER NOT NULL,
    talk_ms BIGINT NOT NULL,
    answered_within_20s INTEGER NOT NULL,
    abandoned_within_5s INTEGER NOT NULL,
    waits_answered TEXT NOT NULL,
    waits_abandoned TEXT NOT NULL,
    waits_overflowed TEXT NOT NULL,
    waits_callback TEXT NOT NULL,
    waits_exit_key TEXT NOT NULL,
    waits_system_dropped TEXT NOT NULL,
    waits_blocked TEXT NOT NULL,
    PRIMARY KEY (day, queue, site, department)
);

CREATE TABLE offer_quarter (
    day TEXT NOT NULL,
    quarter TEXT NOT NULL,
    queue TEXT NOT NULL,
    answered INTEGER NOT NULL,
    abandoned INTEGER NOT NULL,
    overflowed INTEGER NOT NULL,
    callback INTEGER NOT NULL,
    exit_key INTEGER NOT NULL,
    system_dropped INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    wait_ms BIGINT NOT NULL,
    talks INTEGER NOT NULL,
    talk_ms BIGINT NOT NULL,
    answered_within_20s INTEGER NOT NULL,
    abandoned_within_5s INTEGER NOT NULL,
    waits_answered TEXT NOT NULL,
    waits_abandoned TEXT NOT NULL,
    waits_overflowed TEXT NOT NULL,
    waits_callback TEXT NOT NULL,
    waits_exit_key TEXT NOT NULL,
    waits_system_dropped TEXT NOT NULL,
    waits_blocked TEXT NOT NULL,
    PRIMARY KEY (day, quarter, queue)
);

CREATE TABLE offer_agent (
    day TEXT NOT NULL,
    agent TEXT NOT NULL,
    queue TEXT NOT NULL,
    answered INTEGER NOT NULL,
    wait_ms BIGINT NOT NULL,
    talks INTEGER NOT NULL,
    talk_ms BIGINT NOT NULL,
    answered_within_20s INTEGER NOT NULL,
    waits_answered TEXT NOT NULL,
    PRIMARY KEY (day, agent, queue)
);

CREATE TABLE call_day (
    day TEXT NOT NULL,
    site TEXT NOT NULL,
    department TEXT NOT NULL,
    disposition TEXT NOT NULL,
    calls INTEGER NOT NULL,
    PRIMARY KEY (day, site, department, disposition)
);

CREATE TABLE first_call_day (
    day TEXT NOT NULL,
    site TEXT NOT NULL,
    department TEXT NOT NULL,
    first_calls INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    PRIMARY KEY (day, site, department)
);

CREATE TABLE fold_made (
    version INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (version)
);

CREATE VIEW kpi_offer AS
SELECT
    queue_visit.call_id, queue_visit.visit, call.arrived_at, call.call_time, queue_visit.queue, call.site, call.department,
    queue_visit.agent, queue_visit.outcome, queue_visit.offers, queue_visit.wait_seconds, queue_visit.talk_seconds
FROM queue_visit JOIN call ON call.call_id = queue_visit.call_id
WHERE NOT call.test;

CREATE VIEW kpi_day AS
SELECT
    day, queue, site, department,
    answered + abandoned + overflowed + callback + exit_key + system_dropped AS offered, answered, answered_within_20s, abandoned,
    abandoned_within_5s, overflowed, callback, exit_key, system_dropped, blocked, closed,
    1.0 * answered_within_20s / NULLIF(answered + abandoned + overflowed + callback + exit_key + system_dropped, 0) AS service_level_20s,
    0.001 * wait_ms AS wait_seconds, talks, 0.001 * talk_ms AS talk_seconds
FROM offer_day;

CREATE VIEW kpi_quarter AS
SELECT
    day, quarter, queue,
    answered + abandoned + overflowed + callback + exit_key + system_dropped AS offered, answered, answered_within_20s, abandoned,
    abandoned_within_5s, overflowed, callback, exit_key, system_dropped, blocked, closed,
    1.0 * answered_within_20s / NULLIF(answered + abandoned + overflowed + callback + exit_key + system_dropped, 0) AS service_level_20s,
    0.001 * wait_ms AS wait_seconds, talks, 0.001 * talk_ms AS talk_seconds
FROM offer_quarter;

CREATE VIEW kpi_agent AS
SELECT
    day, agent, queue,
    answered, answered_within_20s, 0.001 * wait_ms AS wait_seconds, talks, 0.001 * talk_ms AS talk_seconds
FROM offer_agent;
