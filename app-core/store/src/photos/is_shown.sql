SELECT EXISTS (SELECT 1 FROM memory_media WHERE media_id = ?1)
