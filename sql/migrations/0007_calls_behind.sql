-- The calls behind a figure are found without looking through all of them.

CREATE INDEX call_by_site ON call (site, arrived_at);
CREATE INDEX call_by_department ON call (department, arrived_at);
CREATE INDEX queue_visit_by_queue ON queue_visit (queue, entered_at);
CREATE INDEX queue_visit_by_agent ON queue_visit (agent, entered_at);
CREATE INDEX queue_visit_by_outcome ON queue_visit (outcome, entered_at);
