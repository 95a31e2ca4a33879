DELETE FROM memory_facts WHERE memory_id = ?1
