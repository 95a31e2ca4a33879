INSERT INTO media_renditions (original_id, role, media_id) VALUES (?1, ?2, ?3)
ON CONFLICT (original_id, role) DO UPDATE SET media_id = ?3
