SELECT memory_media.memory_id FROM memory_media
JOIN memories ON memories.id = memory_media.memory_id AND memories.deleted_at IS NULL
WHERE memory_media.media_id = ?1
ORDER BY memories.recorded_moment, memory_media.memory_id
