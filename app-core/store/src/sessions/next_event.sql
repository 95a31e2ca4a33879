SELECT coalesce(max(seq) + 1, 0) FROM session_events WHERE session_id = ?1
