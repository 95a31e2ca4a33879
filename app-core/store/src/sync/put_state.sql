INSERT INTO sync_state (key, json) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET json = ?2
