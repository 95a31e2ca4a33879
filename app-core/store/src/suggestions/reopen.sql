UPDATE suggestions SET state = 'open', resolved_at = NULL, effect = NULL WHERE id = ?1 AND state <> 'open'
