SELECT coalesce(max(seq) + 1, 0) FROM trials WHERE session_id = ?1
