INSERT INTO vectors (memory_id, model, numbers) VALUES (?1, ?2, ?3)
ON CONFLICT (memory_id) DO UPDATE SET model = ?2, numbers = ?3
