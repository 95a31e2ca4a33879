INSERT INTO face_groups (id, created_at) VALUES (?1, ?2)
