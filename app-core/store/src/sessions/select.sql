SELECT id, state, plan, seed, template_versions, started_at, ended_at, seconds FROM sessions
WHERE (?1 IS NULL OR id = ?1) AND (NOT ?2 OR state IN ('running', 'paused'))
ORDER BY started_at DESC, id DESC
