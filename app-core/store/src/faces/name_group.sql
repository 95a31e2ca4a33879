UPDATE face_groups SET person_id = ?2, consent_id = ?3 WHERE id = ?1
