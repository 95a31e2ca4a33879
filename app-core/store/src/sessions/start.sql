INSERT INTO sessions (id, state, plan, seed, template_versions, started_at, ended_at, seconds)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
