DELETE FROM memory_people WHERE memory_id = ?1
