SELECT id, group_id, media_id, region, quality, source, vector FROM faces
WHERE (?1 IS NULL OR group_id = ?1) AND (?2 IS NULL OR media_id = ?2)
ORDER BY id
