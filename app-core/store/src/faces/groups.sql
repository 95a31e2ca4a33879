SELECT id, person_id, consent_id, created_at FROM face_groups
WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR person_id = ?2)
ORDER BY created_at, id
