DELETE FROM photo_texts WHERE memory_id = ?1 AND media_id = ?2
