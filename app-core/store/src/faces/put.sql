INSERT INTO faces (id, group_id, media_id, region, quality, source, vector) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
