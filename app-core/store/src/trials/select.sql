SELECT id, session_id, seq, block, game, template_version, input, at, outcome FROM trials
WHERE (?1 IS NULL OR session_id = ?1) AND (?2 IS NULL OR game = ?2)
ORDER BY at, session_id, seq
