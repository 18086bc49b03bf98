-- Until when an agent is busy, or left in peace, by itself. See ../schema.sql for what it means.

ALTER TABLE agent_change ADD COLUMN until TEXT;
