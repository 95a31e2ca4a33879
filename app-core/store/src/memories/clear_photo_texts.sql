DELETE FROM photo_texts WHERE memory_id = ?1
  AND media_id NOT IN (SELECT media_id FROM memory_media WHERE memory_id = ?1)
