SELECT memory_id, media_id, text FROM photo_texts WHERE ?1 IS NULL OR memory_id = ?1 ORDER BY memory_id, media_id
