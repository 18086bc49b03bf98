-- How long the talk was that came of a visit to a queue. Where a call was answered once, the call's own sum says so.

ALTER TABLE queue_visit ADD COLUMN talk_seconds DOUBLE PRECISION;

UPDATE queue_visit SET talk_seconds = (SELECT call.talk_seconds FROM call WHERE call.call_id = queue_visit.call_id)
WHERE outcome = 'answered' AND (
    SELECT COUNT(*) FROM queue_visit AS other WHERE other.call_id = queue_visit.call_id AND other.outcome = 'answered'
) = 1;
