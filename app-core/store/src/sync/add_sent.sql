INSERT INTO outbox (record_id, collection, row_id, op, at, sent_at, hlc) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
