SELECT memory_id FROM memory_people WHERE person_id = ?1
