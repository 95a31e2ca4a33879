INSERT INTO sync_ledger (collection, row_id, record_id, hlc, deleted) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (collection, row_id) DO UPDATE SET record_id = ?3, hlc = ?4, deleted = ?5
