UPDATE suggestions SET state = ?2, resolved_at = ?3, effect = ?4 WHERE id = ?1 AND state = 'open'
