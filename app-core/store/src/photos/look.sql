INSERT INTO photo_looks (media_id, source, looked_at) VALUES (?1, ?2, ?3)
ON CONFLICT (media_id) DO UPDATE SET source = ?2, looked_at = ?3
