INSERT INTO session_events (session_id, seq, at, payload) VALUES (?1, ?2, ?3, ?4)
