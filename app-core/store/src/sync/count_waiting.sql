SELECT collection, count(DISTINCT row_id) FROM outbox
WHERE sent_at IS NULL AND NOT set_aside AND collection IN (SELECT value FROM json_each(?1)) GROUP BY collection
