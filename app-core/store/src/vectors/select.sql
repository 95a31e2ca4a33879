SELECT memory_id, numbers FROM vectors WHERE model = ?1
