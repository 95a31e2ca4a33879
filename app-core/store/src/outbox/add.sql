INSERT INTO outbox (record_id, collection, row_id, op, at) VALUES (?1, ?2, ?3, ?4, ?5)
