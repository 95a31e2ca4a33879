INSERT INTO suggestions (id, kind, about, memory_id, media_id, person_id, payload, source, confidence, state, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'open', ?10)
ON CONFLICT (about) DO NOTHING
