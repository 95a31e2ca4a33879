DELETE FROM sync_state WHERE key = ?1
