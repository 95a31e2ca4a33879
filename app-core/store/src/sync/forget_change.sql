DELETE FROM outbox WHERE record_id = ?1
