SELECT 1 FROM trials WHERE session_id = ?1 AND seq = ?2
