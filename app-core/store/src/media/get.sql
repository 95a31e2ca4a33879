SELECT mime, size_bytes FROM media WHERE id = ?1
