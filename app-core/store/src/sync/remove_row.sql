DELETE FROM sync_rows WHERE collection = ?1 AND row_id = ?2
