DELETE FROM memory_words WHERE memory_id = ?1
