INSERT INTO media (id, mime, size_bytes) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING
