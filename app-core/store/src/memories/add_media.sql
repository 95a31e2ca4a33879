INSERT INTO memory_media (memory_id, position, media_id) VALUES (?1, ?2, ?3)
