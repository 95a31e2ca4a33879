INSERT INTO sessions (id, state, plan, seed, template_versions, started_at, ended_at, seconds)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (id) DO UPDATE SET state = ?2, started_at = ?6, ended_at = ?7, seconds = ?8
