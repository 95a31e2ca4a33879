SELECT seq, record_id, collection, row_id, op, at, hlc FROM outbox
WHERE collection = ?1 AND row_id = ?2 ORDER BY seq DESC LIMIT 1
