-- Months whose figures are told by the definitions that they were closed with. See ../schema.sql for what they mean.

CREATE TABLE closed_month (
    month TEXT NOT NULL,
    closed_at TEXT NOT NULL,
    definitions TEXT NOT NULL,
    PRIMARY KEY (month)
);
