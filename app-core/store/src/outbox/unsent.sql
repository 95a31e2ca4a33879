SELECT record_id, collection, row_id, op, at FROM outbox WHERE sent_at IS NULL ORDER BY seq LIMIT ?1
