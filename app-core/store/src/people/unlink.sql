DELETE FROM memory_people WHERE person_id = ?1
