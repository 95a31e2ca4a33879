DELETE FROM face_groups WHERE id = ?1
