SELECT max(seq), record_id, collection, row_id, op, at, hlc FROM outbox
WHERE collection IN (SELECT value FROM json_each(?1)) GROUP BY collection, row_id ORDER BY collection, row_id
