UPDATE outbox SET sent_at = ?4, set_aside = 0
WHERE collection = ?1 AND row_id = ?2 AND seq <= ?3 AND sent_at IS NULL
