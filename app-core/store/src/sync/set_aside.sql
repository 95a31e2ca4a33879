UPDATE outbox SET set_aside = 1 WHERE collection = ?1 AND row_id = ?2 AND seq <= ?3 AND sent_at IS NULL
