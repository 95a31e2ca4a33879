DELETE FROM sync_ledger WHERE collection = ?1 AND row_id = ?2
