INSERT INTO memory_people (memory_id, position, person_id) VALUES (?1, ?2, ?3)
