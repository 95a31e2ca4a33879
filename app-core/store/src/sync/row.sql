SELECT row_id, record_id, json FROM sync_rows WHERE collection = ?1 AND (?2 IS NULL OR row_id = ?2)
