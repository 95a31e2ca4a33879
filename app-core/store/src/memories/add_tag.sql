INSERT INTO memory_tags (memory_id, tag) VALUES (?1, ?2)
