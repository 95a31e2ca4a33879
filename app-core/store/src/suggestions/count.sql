SELECT kind, count(*) FROM suggestions
WHERE state = 'open'
  AND NOT EXISTS (SELECT 1 FROM memories WHERE memories.id = suggestions.memory_id AND deleted_at IS NOT NULL)
GROUP BY kind ORDER BY kind
