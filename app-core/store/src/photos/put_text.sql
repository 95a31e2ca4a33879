INSERT INTO photo_texts (memory_id, media_id, text) VALUES (?1, ?2, ?3)
ON CONFLICT (memory_id, media_id) DO UPDATE SET text = ?3
