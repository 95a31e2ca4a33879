INSERT INTO sync_rows (collection, row_id, record_id, json) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (collection, row_id) DO UPDATE SET record_id = ?3, json = ?4
