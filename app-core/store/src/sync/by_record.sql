SELECT seq, record_id, collection, row_id, op, at, hlc FROM outbox WHERE record_id = ?1
