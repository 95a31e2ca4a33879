SELECT media_id FROM memory_media WHERE memory_id IN (SELECT id FROM memories WHERE deleted_at IS NOT NULL)
UNION
SELECT media_id FROM media_renditions
WHERE original_id IN (SELECT media_id FROM memory_media
                      WHERE memory_id IN (SELECT id FROM memories WHERE deleted_at IS NOT NULL))
