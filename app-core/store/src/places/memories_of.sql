SELECT id FROM memories WHERE place = ?1
