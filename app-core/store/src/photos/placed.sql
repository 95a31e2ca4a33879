SELECT memories.place, photo_origins.latitude, photo_origins.longitude FROM memories
JOIN memory_media ON memory_media.memory_id = memories.id
JOIN photo_origins ON photo_origins.media_id = memory_media.media_id AND photo_origins.latitude IS NOT NULL
WHERE memories.place IS NOT NULL AND memories.deleted_at IS NULL
GROUP BY memories.place, memory_media.media_id
ORDER BY memories.place, memory_media.media_id
