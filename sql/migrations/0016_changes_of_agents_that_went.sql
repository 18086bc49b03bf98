-- How many rows of agent_change a purge took, told apart from those of the journal. See ../schema.sql for what it means.

ALTER TABLE removal ADD COLUMN changes INTEGER;
