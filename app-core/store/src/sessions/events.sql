SELECT seq, at, payload FROM session_events WHERE session_id = ?1 ORDER BY seq
