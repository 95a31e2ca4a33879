SELECT media_id FROM media_renditions WHERE original_id = ?1 AND role = ?2
