UPDATE faces SET group_id = ?2 WHERE id = ?1
