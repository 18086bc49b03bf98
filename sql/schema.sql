-- The store of Sentralbord, version 17: the truth about every table. README.md says how to change it.
--
-- Plain SQL that SQLite and PostgreSQL both read, so that any reporting tool can be pointed at it.
-- A time is text, in UTC, always 27 characters: 2026-11-21T23:44:17.123456Z. It sorts as it reads.
-- A duration is a number of seconds. Numbers of people stand here in full: guard the file.

-- Which migrations this database has been through, in order.
CREATE TABLE schema_version (
    version INTEGER NOT NULL,     -- number of the migration: 1 for 0001_first_call.sql
    name TEXT NOT NULL,           -- its name: first_call
    applied_at TEXT NOT NULL,     -- when it was applied here
    PRIMARY KEY (version)
);

-- The journal: one row for each thing that happened to a call. Rows are added, never changed, but for what is taken out (removal).
-- This is the only truth; the tables call, queue_visit and message are folds of it, and history is a fold of those.
CREATE TABLE call_event (
    call_id TEXT NOT NULL,        -- the call; ids of later calls sort later
    seq INTEGER NOT NULL,         -- order within the call, from 1
    type TEXT NOT NULL,           -- what happened: arrived, answered, routed, queued ... ended
    at TEXT NOT NULL,             -- when, by the machine's clock
    monotonic_ns BIGINT NOT NULL, -- when, in nanoseconds, by a clock that nobody sets: for durations
    payload TEXT NOT NULL,        -- the event as JSON: docs/reference/records.md
    PRIMARY KEY (call_id, seq)
);

-- The calls that have begun and not ended. What is left here when a server starts, its predecessor lost.
CREATE TABLE open_call (
    call_id TEXT NOT NULL,        -- the call
    arrived_at TEXT NOT NULL,     -- when it came in
    PRIMARY KEY (call_id)
);

-- The call record: one row for each call that has ended.
CREATE TABLE call (
    call_id TEXT NOT NULL,        -- the call
    arrived_at TEXT NOT NULL,     -- when it came in; a call belongs to the interval in which it arrived
    answered_at TEXT,             -- when we answered it (not the agent); empty: we never did
    ended_at TEXT NOT NULL,       -- when it was over
    dialled TEXT NOT NULL,        -- the number that was dialled
    caller TEXT,                  -- the number that called; empty: withheld
    call_time TEXT NOT NULL,      -- the time that the rules were asked about, with its UTC offset
    sip_call_id TEXT,             -- Call-ID of the SIP call, to find it again in a trunk's records
    channel TEXT NOT NULL,        -- the caller's channel in Asterisk
    node TEXT NOT NULL,           -- the Asterisk that took the call
    revision TEXT NOT NULL,       -- sha256 of the rules that the call began with
    language TEXT,                -- language at the end of the call: nb, en
    site TEXT,                    -- the local site that the call belonged to
    department TEXT,              -- the last department that the call landed in
    disposition TEXT NOT NULL,    -- answered, voicemail, failed, abandoned, blocked, closed, refused, menu_abandoned, menu_contained, own_call (an agent's)
    ended_by TEXT NOT NULL,       -- caller, agent, rules, failed, drain, link_lost, lost, lost_while_down
    hangup_cause INTEGER,         -- Q.850 cause, where it is known
    error TEXT,                   -- code of the error that ended the call
    wait_seconds DOUBLE PRECISION, -- from the first queue until a person was heard, or until the caller waited no more
    talk_seconds DOUBLE PRECISION, -- with agents, all talks together
    queue TEXT,                   -- the queue that answered, otherwise the last one visited
    agent TEXT,                   -- the agent who answered
    test BOOLEAN NOT NULL,        -- true for a call whose facts were set by a test: leave it out of figures
    path TEXT,                    -- where it went, and by which keys: menu main 1 > queue faktura; empty: not known
    PRIMARY KEY (call_id)
);
CREATE INDEX call_by_arrival ON call (arrived_at);
CREATE INDEX call_by_sip_call_id ON call (sip_call_id);
CREATE INDEX call_by_caller ON call (caller, department, arrived_at);
CREATE INDEX call_by_site ON call (site, arrived_at);
CREATE INDEX call_by_department ON call (department, arrived_at);

-- One row for each time that a call came to a queue: it waited there, or was turned away (blocked, closed).
CREATE TABLE queue_visit (
    call_id TEXT NOT NULL,        -- the call
    visit INTEGER NOT NULL,       -- order within the call, from 1
    queue TEXT NOT NULL,          -- the queue
    entered_at TEXT NOT NULL,     -- when the wait began, or the call was turned away
    outcome TEXT NOT NULL,        -- answered, abandoned_short, abandoned, system_dropped, overflowed, callback, exit_key,
                                  -- blocked, closed
    wait_seconds DOUBLE PRECISION, -- length of the wait; empty: there was none, or its beginning is not known
    agent TEXT,                   -- the agent who answered
    offers INTEGER NOT NULL,      -- how many times an agent's phone was rung
    talk_seconds DOUBLE PRECISION, -- length of the talk that came of it; empty: none did, or it has not ended
    estimated_seconds DOUBLE PRECISION, -- how long the wait was expected to be when it began; empty: it was not estimated
    estimate_error_seconds DOUBLE PRECISION, -- by how much it was longer until an agent had the caller (below 0: shorter); empty: none had
    PRIMARY KEY (call_id, visit),
    FOREIGN KEY (call_id) REFERENCES call (call_id)
);
CREATE INDEX queue_visit_by_queue ON queue_visit (queue, entered_at);
CREATE INDEX queue_visit_by_agent ON queue_visit (agent, entered_at);
CREATE INDEX queue_visit_by_outcome ON queue_visit (outcome, entered_at);

-- One row for each message that a caller left.
CREATE TABLE message (
    call_id TEXT NOT NULL,        -- the call
    message INTEGER NOT NULL,     -- order within the call, from 1
    voicemail TEXT NOT NULL,      -- the box
    file TEXT NOT NULL,           -- the recording, relative to the home folder
    seconds DOUBLE PRECISION NOT NULL, -- its length
    PRIMARY KEY (call_id, message),
    FOREIGN KEY (call_id) REFERENCES call (call_id)
);

-- One row for each time that a caller was asked, after a talk, how it was.
CREATE TABLE survey_reply (
    call_id TEXT NOT NULL,        -- the call
    reply INTEGER NOT NULL,       -- order within the call, from 1
    survey TEXT NOT NULL,         -- the survey, as the rules name it
    queue TEXT NOT NULL,          -- the queue of the talk
    agent TEXT,                   -- the agent of the talk
    asked_at TEXT NOT NULL,       -- when the question began
    lowest INTEGER NOT NULL,      -- the scale: from this number,
    highest INTEGER NOT NULL,     -- to this one
    score INTEGER,                -- what was answered; empty: there was no answer
    PRIMARY KEY (call_id, reply),
    FOREIGN KEY (call_id) REFERENCES call (call_id)
);
CREATE INDEX survey_reply_by_time ON survey_reply (asked_at);

-- The rules' history: one row for each set of rules that a server took, was told to take later, or refused when
-- it was to take it. The text of a revision lies in rules/ in the home folder.
CREATE TABLE rules_change (
    change_id TEXT NOT NULL,      -- the change; ids of later changes sort later
    asked_at TEXT NOT NULL,       -- when it was asked for
    due_at TEXT NOT NULL,         -- when it is, or was, to take effect
    how TEXT NOT NULL,            -- start (the file as a server found it), edit (of the file), apply, rollback
    author TEXT NOT NULL,         -- who asked for it: an operating system's user, or the name given
    why TEXT NOT NULL,            -- the reason given
    revision TEXT NOT NULL,       -- sha256 of the rules
    file TEXT NOT NULL,           -- the file that they were read from
    state TEXT NOT NULL,          -- planned, taken, refused, called_off
    settled_at TEXT,              -- when it was taken, refused or called off; empty: still planned
    reason TEXT,                  -- why it was refused
    PRIMARY KEY (change_id)
);
CREATE INDEX rules_change_by_state ON rules_change (state);

-- What was closed by hand, whatever the rules say. It holds from set_at until lifted_at, or else until its end.
CREATE TABLE override (
    override_id TEXT NOT NULL,    -- the override; ids of later ones sort later
    kind TEXT NOT NULL,           -- site, department, queue
    name TEXT NOT NULL,           -- which one
    say TEXT,                     -- the prompt that callers hear then; empty: what they hear otherwise
    why TEXT NOT NULL,            -- the reason given; may be empty
    author TEXT NOT NULL,         -- who closed it
    set_at TEXT NOT NULL,         -- when it was closed
    until TEXT NOT NULL,          -- when it ends by itself
    lifted_at TEXT,               -- when somebody opened it before that, or closed it anew
    lifted_by TEXT,               -- who did
    PRIMARY KEY (override_id)
);
CREATE INDEX override_by_end ON override (until);

-- Callers who gave up and whom somebody has seen to since (`ivr lost done`): one row for each time.
CREATE TABLE follow_up (
    follow_up_id TEXT NOT NULL,   -- the row; ids of later ones sort later
    caller TEXT NOT NULL,         -- the number that had called
    at TEXT NOT NULL,             -- when it was told; what the caller did before it is seen to
    author TEXT NOT NULL,         -- who told it
    why TEXT NOT NULL,            -- what came of it, as told; may be empty
    PRIMARY KEY (follow_up_id)
);
CREATE INDEX follow_up_by_time ON follow_up (at);

-- History: offers of a day by queue, site and department. A year is read from here. Calls of tests are in none of these.
CREATE TABLE offer_day (
    day TEXT NOT NULL, -- the day of arrival, by the centre's clock: 2026-11-23
    queue TEXT NOT NULL, -- the queue
    site TEXT NOT NULL, -- the site where the call ended up; empty: none
    department TEXT NOT NULL, -- the department where the call ended up; empty: none
    answered INTEGER NOT NULL, -- callers who were connected with an agent
    abandoned INTEGER NOT NULL, -- callers who hung up while they waited, however soon
    overflowed INTEGER NOT NULL, -- callers whom the rules moved on
    callback INTEGER NOT NULL, -- callers who took a callback
    exit_key INTEGER NOT NULL, -- callers who chose something else by a key
    system_dropped INTEGER NOT NULL, -- callers whom we or the network lost
    blocked INTEGER NOT NULL, -- callers turned away: the queue was full or deserted; they were not offered
    closed INTEGER NOT NULL, -- callers turned away: the department was closed; they were not offered
    wait_ms BIGINT NOT NULL, -- the waits of the answered together, in milliseconds
    talks INTEGER NOT NULL, -- talks whose length is known
    talk_ms BIGINT NOT NULL, -- the talks together, in milliseconds
    answered_within_20s INTEGER NOT NULL, -- of the answered, those who had waited 20 s at most
    abandoned_within_5s INTEGER NOT NULL, -- of the abandoned, those who had waited 5 s at most
    waits_answered TEXT NOT NULL, -- of the answered, by seconds; '0:12 7:1': 12 had waited 0 s and one up to 7 s
    waits_abandoned TEXT NOT NULL, -- the same of the abandoned
    waits_overflowed TEXT NOT NULL, -- the same of the overflowed
    waits_callback TEXT NOT NULL, -- the same of those who took a callback
    waits_exit_key TEXT NOT NULL, -- the same of those who left by a key
    waits_system_dropped TEXT NOT NULL, -- the same of the lost
    waits_blocked TEXT NOT NULL, -- the same of those who had waited when the last agent went
    PRIMARY KEY (day, queue, site, department)
);

-- History: offers of a quarter of an hour by queue.
CREATE TABLE offer_quarter (
    day TEXT NOT NULL, -- the day of arrival, by the centre's clock
    quarter TEXT NOT NULL, -- where the quarter begins, by the same clock: 09:15; its first two letters are the hour
    queue TEXT NOT NULL, -- the queue
    answered INTEGER NOT NULL, -- callers who were connected with an agent
    abandoned INTEGER NOT NULL, -- callers who hung up while they waited, however soon
    overflowed INTEGER NOT NULL, -- callers whom the rules moved on
    callback INTEGER NOT NULL, -- callers who took a callback
    exit_key INTEGER NOT NULL, -- callers who chose something else by a key
    system_dropped INTEGER NOT NULL, -- callers whom we or the network lost
    blocked INTEGER NOT NULL, -- callers turned away: the queue was full or deserted; they were not offered
    closed INTEGER NOT NULL, -- callers turned away: the department was closed; they were not offered
    wait_ms BIGINT NOT NULL, -- the waits of the answered together, in milliseconds
    talks INTEGER NOT NULL, -- talks whose length is known
    talk_ms BIGINT NOT NULL, -- the talks together, in milliseconds
    answered_within_20s INTEGER NOT NULL, -- of the answered, those who had waited 20 s at most
    abandoned_within_5s INTEGER NOT NULL, -- of the abandoned, those who had waited 5 s at most
    waits_answered TEXT NOT NULL, -- of the answered, by seconds; '0:12 7:1': 12 had waited 0 s and one up to 7 s
    waits_abandoned TEXT NOT NULL, -- the same of the abandoned
    waits_overflowed TEXT NOT NULL, -- the same of the overflowed
    waits_callback TEXT NOT NULL, -- the same of those who took a callback
    waits_exit_key TEXT NOT NULL, -- the same of those who left by a key
    waits_system_dropped TEXT NOT NULL, -- the same of the lost
    waits_blocked TEXT NOT NULL, -- the same of those who had waited when the last agent went
    PRIMARY KEY (day, quarter, queue)
);

-- History: answered offers of a day by agent and queue.
CREATE TABLE offer_agent (
    day TEXT NOT NULL, -- the day of arrival, by the centre's clock
    agent TEXT NOT NULL, -- the agent who answered
    queue TEXT NOT NULL, -- the queue
    answered INTEGER NOT NULL, -- callers who were connected with an agent
    wait_ms BIGINT NOT NULL, -- the waits of the answered together, in milliseconds
    talks INTEGER NOT NULL, -- talks whose length is known
    talk_ms BIGINT NOT NULL, -- the talks together, in milliseconds
    answered_within_20s INTEGER NOT NULL, -- of the answered, those who had waited 20 s at most
    waits_answered TEXT NOT NULL, -- of the answered, by seconds; '0:12 7:1': 12 had waited 0 s and one up to 7 s
    PRIMARY KEY (day, agent, queue)
);

-- History: calls of a day by where they ended up, and how.
CREATE TABLE call_day (
    day TEXT NOT NULL, -- the day of arrival, by the centre's clock
    site TEXT NOT NULL, -- the site; empty: none
    department TEXT NOT NULL, -- the department; empty: none
    disposition TEXT NOT NULL, -- as in call
    calls INTEGER NOT NULL, -- how many
    PRIMARY KEY (day, site, department, disposition)
);

-- History: callers who had not called the same department in the 7 days before, and whether they called again within 7.
CREATE TABLE first_call_day (
    day TEXT NOT NULL, -- the day of arrival, by the centre's clock
    site TEXT NOT NULL, -- the site; empty: none
    department TEXT NOT NULL, -- the department
    first_calls INTEGER NOT NULL, -- first calls
    repeated INTEGER NOT NULL, -- of these, those that another followed; of the last 7 days not all is known yet
    PRIMARY KEY (day, site, department)
);

-- History: calls of a day by the way that they took, and how they ended. `menu main 1`: key 1 was chosen there; `menu main
-- nothing`: all tries were used up; `menu main` comes last, and the call ended there.
CREATE TABLE path_day (
    day TEXT NOT NULL, -- the day of arrival, by the centre's clock
    path TEXT NOT NULL, -- the stops with ' > ' between them: menu main 1 > queue faktura
    disposition TEXT NOT NULL, -- as in call
    calls INTEGER NOT NULL, -- how many
    PRIMARY KEY (day, path, disposition)
);

-- History: callers who were asked after a talk, and what they answered.
CREATE TABLE survey_day (
    day TEXT NOT NULL, -- the day of arrival, by the centre's clock
    queue TEXT NOT NULL, -- the queue of the talk
    site TEXT NOT NULL, -- the site; empty: none
    department TEXT NOT NULL, -- the department; empty: none
    agent TEXT NOT NULL, -- the agent of the talk; empty: not known
    survey TEXT NOT NULL, -- the survey
    lowest INTEGER NOT NULL, -- the scale: from this number,
    highest INTEGER NOT NULL, -- to this one; answers on different scales have no mean
    asked INTEGER NOT NULL, -- how many were asked
    answered INTEGER NOT NULL, -- of these, how many answered
    score_sum BIGINT NOT NULL, -- their answers together
    score_squares BIGINT NOT NULL, -- the squares of their answers together, for intervals
    PRIMARY KEY (day, queue, site, department, agent, survey, lowest, highest)
);

-- History: how long agents were at what, a fold of agent_change. What an agent does counts when it is over; the time in which no
-- server ran, and being signed out, do not. Occupancy is talking and wrapping_up over these, available and offered.
CREATE TABLE agent_hour (
    hour TEXT NOT NULL, -- the hour, of UTC: 2026-11-23T09
    agent TEXT NOT NULL, -- the agent
    state TEXT NOT NULL, -- what the agent did, as in agent_change
    ms BIGINT NOT NULL, -- for so long, in milliseconds
    PRIMARY KEY (hour, agent, state)
);

-- History: how long agents together were at what, by queue, a fold of agent_change as agent_hour is. An agent who serves two queues is available
-- for both; on a call and after it, for that call's queue only. Where the queue is empty, each agent counts once.
CREATE TABLE duty_quarter (
    queue TEXT NOT NULL, -- the queue; empty: all agents, whatever they serve
    quarter TEXT NOT NULL, -- the quarter of an hour, of UTC: 2026-11-23T09:15
    state TEXT NOT NULL, -- what they did, as in agent_change; for a queue only available, offered, talking and wrapping_up
    ms BIGINT NOT NULL, -- for so long, in milliseconds
    PRIMARY KEY (queue, quarter, state)
);

-- By which version of the fold the history was made, one row.
CREATE TABLE fold_made (
    version INTEGER NOT NULL, -- the version
    made_at TEXT NOT NULL, -- when all of it was made anew last
    PRIMARY KEY (version)
);

-- One row for each offer that is in a figure, with what its call says of it. Waits to the millisecond, within any T.
CREATE VIEW kpi_offer AS
SELECT
    queue_visit.call_id, queue_visit.visit, call.arrived_at, call.call_time, queue_visit.queue, call.site, call.department,
    queue_visit.agent, queue_visit.outcome, queue_visit.offers, queue_visit.wait_seconds, queue_visit.talk_seconds
FROM queue_visit JOIN call ON call.call_id = queue_visit.call_id
WHERE NOT call.test;

-- offer_day with its figures. Sums go over rows: the mean wait of a month is SUM(wait_seconds) / SUM(answered).
CREATE VIEW kpi_day AS
SELECT
    day, queue, site, department,
    answered + abandoned + overflowed + callback + exit_key + system_dropped AS offered, answered, answered_within_20s, abandoned,
    abandoned_within_5s, overflowed, callback, exit_key, system_dropped, blocked, closed,
    1.0 * answered_within_20s / NULLIF(answered + abandoned + overflowed + callback + exit_key + system_dropped, 0) AS service_level_20s,
    0.001 * wait_ms AS wait_seconds, talks, 0.001 * talk_ms AS talk_seconds
FROM offer_day;

-- offer_quarter with its figures.
CREATE VIEW kpi_quarter AS
SELECT
    day, quarter, queue,
    answered + abandoned + overflowed + callback + exit_key + system_dropped AS offered, answered, answered_within_20s, abandoned,
    abandoned_within_5s, overflowed, callback, exit_key, system_dropped, blocked, closed,
    1.0 * answered_within_20s / NULLIF(answered + abandoned + overflowed + callback + exit_key + system_dropped, 0) AS service_level_20s,
    0.001 * wait_ms AS wait_seconds, talks, 0.001 * talk_ms AS talk_seconds
FROM offer_quarter;

-- offer_agent with its figures.
CREATE VIEW kpi_agent AS
SELECT
    day, agent, queue,
    answered, answered_within_20s, 0.001 * wait_ms AS wait_seconds, talks, 0.001 * talk_ms AS talk_seconds
FROM offer_agent;

-- survey_day with its figures. The mean of a month is 1.0 * SUM(score_sum) / SUM(answered), for one scale at a time.
CREATE VIEW kpi_survey AS
SELECT
    day, queue, site, department, agent, survey, lowest, highest, asked, answered, score_sum, score_squares,
    1.0 * score_sum / NULLIF(answered, 0) AS csat, 1.0 * answered / NULLIF(asked, 0) AS response_rate
FROM survey_day;

-- Calls of our phones to emergency numbers, which go past all rules. They are in no figure and in no other table.
CREATE TABLE emergency_call (
    call TEXT NOT NULL,           -- the call, as Asterisk names it
    number TEXT NOT NULL,         -- 110, 112, 113, 1412
    phone TEXT NOT NULL,          -- the account that dialled it
    began_at TEXT NOT NULL,       -- when it was dialled
    site TEXT,                    -- the site of that phone's agent
    shown TEXT,                   -- the number that the emergency centre saw, as the first trunk writes it
    answered_at TEXT,             -- when somebody answered
    ended_at TEXT,                -- when it was over; empty while it is under way
    trunk TEXT,                   -- the trunk that took it
    outcome TEXT,                 -- answered, refused (no trunk took it), given_up (hung up before), lost (with its Asterisk)
    talk_seconds INTEGER,         -- how long they talked
    tries TEXT NOT NULL,          -- JSON: the trunks that did not take it (trunk, at, status: SIP's, or null for no answer)
    PRIMARY KEY (call)
);
CREATE INDEX emergency_call_by_time ON emergency_call (began_at);

-- What was taken out, by whom, when and why. No number stands here; a forgotten caller is forgotten-REMOVAL_ID in the calls.
CREATE TABLE removal (
    removal_id TEXT NOT NULL, -- the removal; ids of later ones sort later
    what TEXT NOT NULL, -- purge (its time was over), forget (one caller)
    asked_at TEXT NOT NULL, -- when it was asked for
    author TEXT NOT NULL, -- who asked for it: an operating system's user, the name given, or the server by itself
    why TEXT NOT NULL, -- the reason given; may be empty
    since TEXT NOT NULL, -- of a purge, as JSON: of each kind, from when on it was kept
    events INTEGER NOT NULL, -- rows of the journal that went
    numbers INTEGER NOT NULL, -- calls out of which the number went
    messages INTEGER NOT NULL, -- messages that went
    files INTEGER NOT NULL, -- files of sound that were deleted
    words INTEGER NOT NULL, -- calls out of which what was said went
    done_at TEXT, -- when all of it was done; empty: it is under way, or was cut off
    under_way INTEGER NOT NULL, -- calls of that caller which had not ended, and were left alone
    changes INTEGER, -- rows of agent_change that went; empty in rows that an older server wrote, which counted them as events
    PRIMARY KEY (removal_id)
);

-- Calls that a removal has still to do: what a server that was killed had begun, the next one ends.
CREATE TABLE removal_call (
    removal_id TEXT NOT NULL, -- the removal
    call_id TEXT NOT NULL, -- the call
    PRIMARY KEY (removal_id, call_id)
);

-- Files of sound that are still to be deleted. They are, once what named them is gone for good.
CREATE TABLE removal_file (
    file TEXT NOT NULL, -- the file, relative to the home folder
    removal_id TEXT NOT NULL, -- the removal
    PRIMARY KEY (file)
);

-- Months whose figures are told by the definitions that they were closed with, whatever is changed later.
CREATE TABLE closed_month (
    month TEXT NOT NULL, -- the month, by the centre's clock: 2026-10
    closed_at TEXT NOT NULL, -- when it was closed: when it was known of all its callers whether they called again
    definitions TEXT NOT NULL, -- as JSON: within_seconds by queue, short_seconds, service_levels (name to version), history
    PRIMARY KEY (month)
);

-- What agents did, and who wanted it: a row for each change, none is ever altered. The last row of an agent is what a server goes on with.
-- A state that ends with server_began was not seen to its end: the server before had been killed.
CREATE TABLE agent_change (
    agent TEXT NOT NULL, -- the agent, as the rules name them
    seq INTEGER NOT NULL, -- from 1 for each agent
    at TEXT NOT NULL, -- when
    kind TEXT NOT NULL, -- what happened: signed_in, signed_out, paused, resumed, phone_came, phone_went, call_began, call_ended (of their own), was_offered, withdrawn, missed, declined, took, taken_up (after a restart), talk_ended, silent (no sound came from the phone), ready, took_queue, left_queue, wrap_up_longer, sat_down (at another phone), let_go (by the rules), server_began, server_stopped
    before TEXT NOT NULL, -- what the agent did until then: signed_out, available, offered, talking, wrapping_up, paused, in_own_call
    state TEXT NOT NULL, -- what the agent does from then on
    author TEXT NOT NULL, -- who wanted it: the agent, an operating system's user, the name given, or the server by itself
    why TEXT NOT NULL, -- the reason given; may be empty
    reason TEXT, -- why they are paused, or will be when they are not busy any more: a reason of the rules, or missed or silent
    signed_in BOOLEAN NOT NULL, -- whether they want to be signed in; without a phone that is there the state is signed_out all the same
    taken TEXT NOT NULL, -- as JSON: queues that they serve beside those of the rules
    left_queues TEXT NOT NULL, -- as JSON: queues of the rules that they do not serve
    phone TEXT, -- the account where they sit; empty: their own
    queue TEXT, -- the queue that was taken or left
    call_id TEXT, -- the call that it was about
    until TEXT, -- when the time after a call, or the pause for one that was missed, ends by itself; empty: it does not
    serves TEXT, -- as JSON: the queues whose callers they are for from then on; empty in rows that an older server wrote
    for_queue TEXT, -- the queue whose caller they are rung for, talk with or have just talked with; empty: nobody's
    PRIMARY KEY (agent, seq)
);
CREATE INDEX agent_change_by_time ON agent_change (at);
