DELETE FROM media_renditions WHERE original_id = ?1 OR media_id = ?1
