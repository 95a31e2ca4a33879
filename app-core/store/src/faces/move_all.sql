UPDATE faces SET group_id = ?2 WHERE group_id = ?1
