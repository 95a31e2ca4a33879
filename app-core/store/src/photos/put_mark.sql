INSERT INTO photo_marks (media_id, hash, source, vector) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (media_id) DO UPDATE SET hash = ?2, source = ?3, vector = ?4
