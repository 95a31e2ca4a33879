SELECT id FROM suggestions WHERE kind = 'person' AND person_id = ?1
