INSERT INTO plans (version, set_at, json) VALUES (?1, ?2, ?3)
