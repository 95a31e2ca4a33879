UPDATE sessions SET state = ?2, ended_at = ?3, seconds = ?4 WHERE id = ?1
