DELETE FROM memory_tags WHERE memory_id = ?1
