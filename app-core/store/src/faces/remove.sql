DELETE FROM faces WHERE id = ?1
