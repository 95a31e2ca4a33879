SELECT id FROM media
WHERE id NOT IN (SELECT media_id FROM memory_media)
  AND id NOT IN (SELECT photo FROM people WHERE photo IS NOT NULL)
  AND id NOT IN (SELECT media_id FROM media_renditions
                 WHERE original_id IN (SELECT media_id FROM memory_media UNION SELECT photo FROM people WHERE photo IS NOT NULL))
