"""A page that a manager reads: what came of a day, a week or a month, beside what was aimed at."""
