UPDATE outbox SET sent_at = NULL, set_aside = 0 WHERE collection IN (SELECT value FROM json_each(?1))
