-- What callers were expected to wait, and how far off that was. See ../schema.sql for what it means.

ALTER TABLE queue_visit ADD COLUMN estimated_seconds DOUBLE PRECISION;
ALTER TABLE queue_visit ADD COLUMN estimate_error_seconds DOUBLE PRECISION;
