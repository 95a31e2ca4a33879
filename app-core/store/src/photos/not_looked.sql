SELECT memory_media.memory_id, memory_media.media_id FROM memory_media
JOIN memories ON memories.id = memory_media.memory_id AND memories.deleted_at IS NULL
JOIN media ON media.id = memory_media.media_id AND media.mime LIKE 'image/%'
WHERE NOT EXISTS (
  SELECT 1 FROM photo_looks WHERE photo_looks.media_id = memory_media.media_id AND photo_looks.source = ?1
)
ORDER BY memories.recorded_moment, memory_media.memory_id, memory_media.position
