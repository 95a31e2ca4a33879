DELETE FROM memory_media WHERE memory_id = ?1
