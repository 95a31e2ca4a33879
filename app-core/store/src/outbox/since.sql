SELECT seq, collection, row_id, op FROM outbox WHERE seq > ?1 ORDER BY seq
